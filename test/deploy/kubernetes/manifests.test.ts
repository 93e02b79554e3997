import { readdirSync } from "node:fs";
import { join } from "node:path";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { CronJob } from "kubernetes-models/batch/v1/CronJob";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { Service } from "kubernetes-models/v1/Service";
import t, { type Test } from "tap";
import { manifests } from "../../../tools/kubernetes/manifests.js";
import { missing } from "../../needed-programs.js";
import { DEPLOY } from "../shipped.js";
import { containersOf, renderedManifests, shippedManifests, type Kind, type Manifests } from "./objects.js";
import * as relations from "./relations.js";

const MODELS: Readonly<Record<Kind, new (manifest: never) => { validate: () => void }>> = {
  ConfigMap,
  CronJob,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Namespace,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  PrometheusRule,
  Service,
  ServiceMonitor,
};

function holdSchemas(t: Test, { all }: Manifests): void {
  for (const manifest of all) {
    t.doesNotThrow(() => {
      new MODELS[manifest.kind](manifest as never).validate();
    }, manifest.kind);
  }
}

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
