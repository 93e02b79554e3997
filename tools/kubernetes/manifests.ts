/** Writes the manifests as YAML: a base, and components for the Prometheus operator and for servers that record. */
import { stringify } from "yaml";
import { buildJob, claims } from "./build-job.js";
import { cycleJob, recordClaim, SUSPENDED_BUILD } from "./cycle-job.js";
import { prometheusRule, serviceMonitor } from "./monitoring.js";
import { ingress, policies, service } from "./network.js";
import { NAME } from "./pod.js";
import { autoscaler, deployment, disruptionBudget } from "./server.js";

const FOLDER = "deploy/kubernetes";
const HEADING = "# Written by `npm run docs` from tools/kubernetes/: change it there, or by an overlay.\n";

const BASE: Readonly<Record<string, readonly object[]>> = {
  "deployment.yaml": [deployment],
  "disruption-budget.yaml": [disruptionBudget],
  "autoscaler.yaml": [autoscaler],
  "service.yaml": [service],
  "ingress.yaml": [ingress],
  "network-policies.yaml": policies,
  "build-job.yaml": [buildJob],
  "volume-claims.yaml": claims,
};

/** Settings that nothing else in the manifests depends on. */
const SETTINGS = { TIME_ZONE: "UTC", COOKIE_SECURE: "true", LOG_LEVEL: "info" };

const KUSTOMIZATION = {
  apiVersion: "kustomize.config.k8s.io/v1beta1",
  kind: "Kustomization",
  resources: Object.keys(BASE),
  // Generated, since its name then changes with the settings, and the servers are replaced: they read them at start.
  configMapGenerator: [
    { name: NAME, literals: Object.entries(SETTINGS).map(([setting, value]) => `${setting}=${value}`) },
  ],
};

const MONITORING: Readonly<Record<string, readonly object[]>> = {
  "service-monitor.yaml": [serviceMonitor],
  "prometheus-rule.yaml": [prometheusRule],
};

const RECORDING: Readonly<Record<string, readonly object[]>> = {
  "cycle-job.yaml": [cycleJob],
  "record-claim.yaml": [recordClaim],
};

const componentOf = (files: typeof MONITORING): object => ({
  apiVersion: "kustomize.config.k8s.io/v1alpha1",
  kind: "Component",
  resources: Object.keys(files),
});

/** Texts by their paths in the repository. */
export function manifests(): Readonly<Record<string, string>> {
  const files = {
    ...inFolder("base", { ...BASE, "kustomization.yaml": [KUSTOMIZATION] }),
    ...inFolder("monitoring", { ...MONITORING, "kustomization.yaml": [componentOf(MONITORING)] }),
    ...inFolder("recording", {
      ...RECORDING,
      "kustomization.yaml": [{ ...componentOf(RECORDING), patches: [SUSPENDED_BUILD] }],
    }),
  };
  return Object.fromEntries(Object.entries(files).map(([path, objects]) => [path, textOf(objects)]));
}

function inFolder<Content>(folder: string, files: Readonly<Record<string, Content>>): Record<string, Content> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${FOLDER}/${folder}/${name}`, content]));
}

function textOf(objects: readonly object[]): string {
  // No anchors for what occurs twice: people read it, and an overlay may change one of both.
  const texts = objects.map((object) => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 }));
  return HEADING + texts.join("---\n");
}
