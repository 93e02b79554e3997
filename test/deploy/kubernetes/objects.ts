/** Reads the manifests as they are shipped, and as `kubectl kustomize` puts them together. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1.js";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.js";
import type { CronJob } from "kubernetes-types/batch/v1.js";
import type {
  ConfigMap,
  Container,
  Namespace,
  PersistentVolumeClaim,
  PodSpec,
  Service,
} from "kubernetes-types/core/v1.js";
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1.js";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { parse, parseAllDocuments } from "yaml";
import { requireProgram } from "../../../bench/contenders/programs.js";
import { DEPLOY, shipped } from "../shipped.js";

interface Kinds {
  readonly ConfigMap: ConfigMap;
  readonly CronJob: CronJob;
  readonly Deployment: Deployment;
  readonly HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  readonly Ingress: Ingress;
  readonly Namespace: Namespace;
  readonly NetworkPolicy: NetworkPolicy;
  readonly PersistentVolumeClaim: PersistentVolumeClaim;
  readonly PodDisruptionBudget: PodDisruptionBudget;
  readonly PrometheusRule: IPrometheusRule;
  readonly Service: Service;
  readonly ServiceMonitor: IServiceMonitor;
  readonly StatefulSet: StatefulSet;
}

export type Kind = keyof Kinds;
export type Manifest = { readonly apiVersion: string; readonly kind: Kind };

export class Manifests {
  constructor(readonly all: readonly Manifest[]) {}

  of<K extends Kind>(kind: K): Kinds[K][] {
    return this.all.filter((each) => each.kind === kind) as unknown as Kinds[K][];
  }

  /** @throws Error where there is none, or more than one */
  the<K extends Kind>(kind: K): Kinds[K] {
    const [found, ...more] = this.of(kind);
    if (found === undefined || more.length > 0) throw new Error(`expected one ${kind}, got ${this.of(kind).length}`);
    return found;
  }

  get serverPod(): PodSpec {
    return this.the("Deployment").spec!.template.spec!;
  }

  /** Of servers that record. */
  get recordingPod(): PodSpec {
    return this.the("StatefulSet").spec!.template.spec!;
  }

  get buildPod(): PodSpec {
    return this.the("CronJob").spec!.jobTemplate.spec!.template.spec!;
  }
}

export function containersOf(pod: PodSpec): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers];
}

/** @throws Error where there is no such container */
export function containerOf(pod: PodSpec, name: string): Container {
  const found = containersOf(pod).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no container is named ${name}`);
  return found;
}

const manifestsIn = (text: string): Manifest[] => parseAllDocuments(text).map((each) => each.toJS() as Manifest);

/** What is in base/ and monitoring/, with the settings that the kustomization has. */
export function shippedManifests(): Manifests {
  const files = ["base", "monitoring"].flatMap((folder) =>
    readdirSync(join(DEPLOY, "kubernetes", folder))
      .filter((name) => name !== "kustomization.yaml")
      .map((name) => `kubernetes/${folder}/${name}`),
  );
  return new Manifests([...files.flatMap((file) => manifestsIn(shipped(file))), settings()]);
}

function settings(): Manifest {
  const { configMapGenerator } = parse(shipped("kubernetes/base/kustomization.yaml")) as {
    configMapGenerator: readonly [{ readonly name: string; readonly literals: readonly string[] }];
  };
  const [{ name, literals }] = configMapGenerator;
  const data = Object.fromEntries(
    literals.map((literal) => {
      const [setting = "", ...value] = literal.split("=");
      return [setting, value.join("=")];
    }),
  );
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data } as Manifest;
}

/** @param folder below deploy/kubernetes, or a path. @throws Error with what kubectl says */
export function renderedManifests(folder: string): Manifests {
  const words = ["kustomize", resolve(DEPLOY, "kubernetes", folder)];
  const { status, stdout, stderr } = spawnSync(requireProgram("kubectl"), words, { encoding: "utf8" });
  if (status !== 0 || stderr !== "") throw new Error(`kubectl ${words.join(" ")}: ${String(status)}: ${stderr}`);
  return new Manifests(manifestsIn(stdout));
}
