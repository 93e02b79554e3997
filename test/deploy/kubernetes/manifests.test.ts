import { readdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { manifests } from "../../../tools/kubernetes/manifests.js";
import { missing } from "../../needed-programs.js";
import { DEPLOY } from "../shipped.js";
import { containersOf, renderedManifests, shippedManifests, type Kind, type Manifests } from "./objects.js";
import { holdSchemas } from "./schemas.js";
import * as relations from "./relations.js";

async function holdAll(t: Test, manifests: Manifests): Promise<void> {
  for (const [name, hold] of Object.entries({ holdSchemas, ...relations }))
    await t.test(name, (t) => {
      hold(t, manifests);
      t.end();
    });
}

await t.test("the folders hold the files that `npm run docs` writes, and no others", (t) => {
  const written = ["base", "monitoring", "recording"].flatMap((folder) =>
    readdirSync(join(DEPLOY, "kubernetes", folder)).map((name) => `deploy/kubernetes/${folder}/${name}`),
  );
  t.same(written.sort(), Object.keys(manifests()).sort());
  t.end();
});

await t.test("the manifests, as they are shipped", async (t) => {
  await holdAll(t, shippedManifests());
});

await t.test("kubectl puts them together", { skip: missing("kubectl") }, async (t) => {
  await t.test("the base by itself", (t) => {
    const base = renderedManifests("base");
    holdSchemas(t, base);
    t.equal(base.all.length, shippedManifests().all.length - 2, "all but the monitoring");
    t.end();
  });

  await t.test("the overlay, with its own values in all places", async (t) => {
    const overlay = renderedManifests("overlays/example");
    await holdAll(t, overlay);
    t.equal(overlay.all.length, shippedManifests().all.length + 1, "and a namespace");
    for (const { metadata, kind } of overlay.all as unknown as { kind: Kind; metadata: { namespace?: string } }[])
      t.equal(metadata.namespace, kind === "Namespace" ? undefined : "billboard");
    for (const pod of [overlay.serverPod, overlay.buildPod])
      for (const { image } of containersOf(pod)) t.equal(image, "registry.example.com/billboard:0.1.0");
    t.match(overlay.the("Ingress").spec, {
      rules: [{ host: "show.example.com" }],
      tls: [{ hosts: ["show.example.com"] }],
    });
    t.match(overlay.the("HorizontalPodAutoscaler").spec, { minReplicas: 3, maxReplicas: 6 });
    t.match(overlay.the("ConfigMap").data, { TIME_ZONE: "Europe/Amsterdam", COOKIE_SECURE: "true" });
    t.match(overlay.the("ConfigMap").metadata?.name, /^billboard-\w+$/, "a name that changes with the settings");
    for (const { spec } of overlay.of("PersistentVolumeClaim")) t.equal(spec?.storageClassName, "shared-files");
  });
});
