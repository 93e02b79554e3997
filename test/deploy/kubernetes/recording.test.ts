import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CronJob } from "kubernetes-models/batch/v1/CronJob";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import t from "tap";
import { cycleJob, recordClaim } from "../../../tools/kubernetes/cycle-job.js";
import { publishedCatalog } from "../../build/built-index.js";
import { recordIn } from "../../build/recorded/recorded-events.js";
import { missing } from "../../needed-programs.js";
import { DEPLOY } from "../shipped.js";
import { containersOf, renderedManifests, shippedManifests } from "./objects.js";
import { makePath, startContainer } from "./running-container.js";

const pod = cycleJob.spec!.jobTemplate.spec!.template.spec!;

await t.test("the job of the cycle has the rights and the volumes of the build's, and what it needs beside", (t) => {
  t.doesNotThrow(() => {
    new CronJob(cycleJob as never).validate();
    new PersistentVolumeClaim(recordClaim as never).validate();
  });
  const { buildPod } = shippedManifests();
  const [build] = containersOf(buildPod);
  const [cycle, ...more] = containersOf(pod);
  t.same(more, []);
  t.same(cycle!.securityContext, build!.securityContext);
  t.same(cycle!.resources, build!.resources);
  t.same(pod.securityContext, buildPod.securityContext);
  t.same(
    cycle!.volumeMounts!.map(({ name }) => name).sort(),
    pod.volumes!.map(({ name }) => name).sort(),
    "each volume has its place",
  );
  const writing = cycle!.volumeMounts!.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name);
  t.same(writing, ["links", "index"]);
  t.end();
});

await t.test("it builds from the folders that it finds, whatever their number", async (t) => {
  const folder = t.testdir({ data: {}, index: {}, links: {}, record: {} });
  const moment = Date.now() - 7_200_000;
  for (const server of ["billboard-5d4f-a", "billboard-5d4f-b"])
    recordIn(join(folder, "record", server), server, [{ kind: "impressions", moment, row: "1,2,1" }]);
  const volumes = Object.fromEntries(["data", "index", "links", "record"].map((name) => [name, join(folder, name)]));
  const surroundings = { manifests: shippedManifests(), volumes, path: makePath(join(folder, "bin")) };
  const cycle = startContainer(surroundings, pod, "cycle");
  t.equal(await cycle.exited, 0, cycle.text);
  t.match(cycle.text, /^build: generation [0-9a-f]{16}, 2 of 2 row\(s\) in 2 file\(s\)\nguard: passed\n$/);
  t.equal(publishedCatalog(join(folder, "index")).index.timeZone, "UTC", "the zone of the servers");
});

await t.test("an overlay with it has no other build", { skip: missing("kubectl") }, (t) => {
  const folder = t.testdir();
  const place = (name: string): string => relative(folder, join(DEPLOY, "kubernetes", name));
  mkdirSync(join(folder, "overlay"));
  const lines = [`resources: ["../${place("base")}"]`, `components: ["../${place("recording")}"]`];
  writeFileSync(join(folder, "overlay/kustomization.yaml"), `${lines.join("\n")}\n`);
  const jobs = renderedManifests(relative(join(DEPLOY, "kubernetes"), join(folder, "overlay"))).of("CronJob");
  t.same(Object.fromEntries(jobs.map(({ metadata, spec }) => [metadata!.name, spec!.suspend])), {
    "billboard-build": true,
    "billboard-cycle": undefined,
  });
  t.end();
});
