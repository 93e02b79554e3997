import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import t, { type Test } from "tap";
import { readConfig, VARIABLE_NAMES } from "../../../src/config.js";
import { missing } from "../../needed-programs.js";
import { publish, FIRST } from "../../src/published.js";
import { DEPLOY } from "../shipped.js";
import { environmentOf } from "./environment.js";
import { containerOf, renderedManifests, shippedManifests, type Manifests } from "./objects.js";
import { makePath, startContainer } from "./running-container.js";
import { holdSchemas } from "./schemas.js";

const TOKEN = "a-token-of-the-tests";

function withRecording(t: Test): Manifests {
  const folder = t.testdir();
  const parts = ["base", "recording"].map((part) => relative(folder, join(DEPLOY, "kubernetes", part)));
  writeFileSync(join(folder, "kustomization.yaml"), JSON.stringify({ resources: [parts[0]], components: [parts[1]] }));
  return renderedManifests(folder);
}

await t.test("without the component nothing is recorded", (t) => {
  const { serverPod } = shippedManifests();
  const environment = environmentOf(shippedManifests(), serverPod, containerOf(serverPod, "server"));
  t.equal(readConfig({}, environment).RECORD, "");
  t.end();
});

await t.test(
  "with the component a StatefulSet serves, and each pod records",
  { skip: missing("kubectl") },
  async (t) => {
    const manifests = withRecording(t);
    const base = shippedManifests();

    await t.test("it is valid, and stands for the Deployment everywhere", (t) => {
      holdSchemas(t, manifests);
      t.same(manifests.of("Deployment"), []);
      const { metadata, spec } = manifests.the("StatefulSet");
      t.match(manifests.the("HorizontalPodAutoscaler").spec!.scaleTargetRef, {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        name: metadata!.name!,
      });
      const { selector, template } = base.the("Deployment").spec!;
      t.same([spec!.selector, spec!.template.metadata], [selector, template.metadata]);
      t.equal(spec!.replicas, undefined, "the autoscaler's number stays");
      t.end();
    });

    await t.test("its pods are those of the Deployment, with a folder and secrets more", (t) => {
      const [pod, before] = [manifests.recordingPod, base.serverPod];
      t.same(containerOf(pod, "reload"), containerOf(before, "reload"));
      t.same(pod.securityContext, before.securityContext);
      const [server, plain] = [containerOf(pod, "server"), containerOf(before, "server")];
      const added = server.volumeMounts!.slice(plain.volumeMounts!.length);
      t.same(
        { ...server, env: [], ports: [], volumeMounts: [], envFrom: [] },
        { ...plain, env: [], ports: [], volumeMounts: [], envFrom: [] },
      );
      t.same(
        added.map(({ name, readOnly }) => [name, readOnly === true]),
        [
          ["record", false],
          ["recording", true],
        ],
      );
      const { persistentVolumeClaim: claim } = pod.volumes!.find(({ name }) => name === "record")!;
      const { spec } = manifests
        .of("PersistentVolumeClaim")
        .find(({ metadata }) => metadata!.name === claim!.claimName)!;
      t.same(spec!.accessModes, ["ReadWriteMany"], "a build reads the folders of all");
      t.end();
    });

    await t.test("conversions come by a port of their own, from the proxies alone", (t) => {
      const server = containerOf(manifests.recordingPod, "server");
      const config = readConfig({}, environmentOf(manifests, manifests.recordingPod, server));
      const [service] = manifests.of("Service").filter(({ metadata }) => metadata!.name === "billboard-conversions");
      const [policy] = manifests
        .of("NetworkPolicy")
        .filter(({ metadata }) => metadata!.name === "billboard-conversions");
      t.same(
        server.ports!.filter(({ name }) => name === "conversions").map(({ containerPort }) => containerPort),
        [config.CONVERSION_PORT],
      );
      t.same(
        service!.spec!.ports!.map(({ port, targetPort }) => [port, targetPort]),
        [[config.CONVERSION_PORT, "conversions"]],
      );
      t.same(
        policy!.spec!.ingress!.map(({ ports }) => ports!.map(({ port }) => port)),
        [["conversions"]],
      );
      const pods = manifests.the("StatefulSet").spec!.template.metadata!.labels;
      for (const labels of [service!.spec!.selector, policy!.spec!.podSelector.matchLabels]) t.match(pods, labels!);
      t.end();
    });

    await t.test("a pod records in a folder of its name, and takes conversions", async (t) => {
      const folder = t.testdir();
      const volumes = Object.fromEntries(
        ["index", "admin-token", "record", "recording"].map((name) => [name, join(folder, name)]),
      );
      for (const volume of Object.values(volumes)) mkdirSync(volume);
      const secrets = {
        "admin-token/token": TOKEN,
        "recording/record-key": "5a".repeat(32),
        "recording/conversion-token": TOKEN,
      };
      for (const [path, secret] of Object.entries(secrets)) {
        writeFileSync(join(folder, path), `${secret}\n`);
        chmodSync(join(folder, path), 0o440);
      }
      publish(join(folder, "index/index.bin"), FIRST);
      const pod = manifests.recordingPod;
      const settings = Object.keys(environmentOf(manifests, pod, containerOf(pod, "server")));
      t.same(
        settings.filter((name) => !(VARIABLE_NAMES as readonly string[]).includes(name)),
        ["POD_NAME"],
      );
      const server = startContainer({ manifests, volumes, path: makePath(join(folder, "bin")) }, pod, "server", {
        environment: { PORT: "0", ADMIN_PORT: "0", HEALTH_PORT: "0", CONVERSION_PORT: "0", SHUTDOWN_DELAY: "0" },
      });
      t.teardown(() => server.process.kill("SIGKILL"));
      const record = join(folder, "record/billboard-0");
      t.match(await server.next("recording"), { state: "begun", folder: record });
      const { conversionPort } = await server.next("ready");
      const response = await fetch(`http://127.0.0.1:${String(conversionPort)}/conversions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
        body: JSON.stringify({ conversion_id: "a", click_id: "b", revenue: "1.5" }),
      });
      t.equal(response.status, 202);
      t.equal(await server.stop(), 0);
      const [file = "", ...more] = readdirSync(record).filter((name) => name.startsWith("conversions-"));
      t.same(more, []);
      t.match(readFileSync(join(record, file), "utf8"), /Z,a,b,1\.500000\n$/);
    });
  },
);
