import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { broken, FIRST, generationOf, publish, SECOND } from "../../src/published.js";
import { containerOf, shippedManifests } from "./objects.js";
import { makePath, startContainer, type Surroundings } from "./running-container.js";

const SAMPLE = join(import.meta.dirname, "../../../../data");

const manifests = shippedManifests();
const { serverPod, buildPod } = manifests;

t.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "billboard-pod-"));
t.teardown(() => {
  rmSync(folder, { recursive: true });
});
const volumes = { index: join(folder, "index"), data: SAMPLE, "admin-token": join(folder, "secret") };
mkdirSync(volumes.index);
mkdirSync(volumes["admin-token"]);
writeFileSync(join(volumes["admin-token"], "token"), "a-token-of-the-tests\n", { mode: 0o440 });
const index = join(volumes.index, "index.bin");
const surroundings: Surroundings = { manifests, volumes, path: makePath(join(folder, "bin")) };

const isWaiting = { words: { "sleep 2 &": "echo waits; sleep 0.1 &" } };

await t.test("a pod that waits for the first index ends when it is told to", async (t) => {
  const waiting = startContainer(surroundings, serverPod, "wait-for-index", isWaiting);
  await waiting.said("waits");
  t.equal(await waiting.stop(), 0);
});

await t.test("a pod waits for the first build, serves its index and answers its probes", async (t) => {
  const waiting = startContainer(surroundings, serverPod, "wait-for-index", isWaiting);
  await waiting.said("waits");
  const build = startContainer(surroundings, buildPod, "build");
  t.equal(await build.exited, 0, build.text);
  t.equal(await waiting.exited, 0);

  const ports = { PORT: "0", ADMIN_PORT: "0", HEALTH_PORT: "0" };
  const server = startContainer(surroundings, serverPod, "server", { environment: ports });
  t.match(await server.next("start"), { workers: 2 });
  const { port, adminPort, healthPort, adminHost } = await server.next("ready");
  t.equal(adminHost, "127.0.0.1");
  const statusOf = async (port: unknown, path: string, options: RequestInit = {}): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, options);
    await response.arrayBuffer();
    return response.status;
  };
  const { startupProbe, readinessProbe, livenessProbe } = containerOf(serverPod, "server");
  for (const probe of [startupProbe, readinessProbe, livenessProbe])
    t.equal(await statusOf(healthPort, probe!.httpGet!.path!), 200);
  t.equal(await statusOf(healthPort, manifests.the("ServiceMonitor").spec.endpoints[0]!.path!), 200);
  t.equal(await statusOf(port, "/campaigns/1/"), 200);
  t.equal(await statusOf(adminPort, "/reload", { method: "POST" }), 401, "without the token");

  await t.test("what is published is loaded, and tried again where it was refused", async (t) => {
    const reload = startContainer(surroundings, serverPod, "reload", {
      environment: { ADMIN_PORT: String(adminPort) },
      words: { "sleep 60 &": "sleep 0.1 &" },
    });
    t.match(await server.next("reload"), { result: "unchanged" });
    rmSync(index);
    await reload.said("stat: ");
    publish(index, FIRST);
    t.match(await server.next("reload"), { result: "replaced", generation: generationOf(FIRST) });
    publish(index, broken(SECOND));
    t.match(await server.next("reload"), { result: "refused" });
    t.match(await server.next("reload"), { result: "refused" });
    publish(index, SECOND);
    for (let line = await server.next("reload"); line["result"] !== "replaced"; line = await server.next("reload"))
      t.equal(line["result"], "refused");
    t.equal(await statusOf(healthPort, "/readyz"), 200);
    t.equal(await reload.stop(), 0);
  });

  server.process.kill("SIGTERM");
  t.match(await server.next("drain"), { delay: 10 });
  t.equal(await statusOf(healthPort, readinessProbe!.httpGet!.path!), 503, "proxies are told");
  t.equal(await statusOf(healthPort, livenessProbe!.httpGet!.path!), 200);
  t.equal(await statusOf(port, "/campaigns/1/"), 200, "visitors are served on");
  // A second signal, so as not to wait.
  t.equal(await server.stop(), 1);
});
