/** Makes the environment that Kubernetes would give a container. */
import type { Container, EnvVar, PodSpec } from "kubernetes-types/core/v1.js";
import { containerOf, type Manifests } from "./objects.js";

/** The first pod of a StatefulSet. */
const POD_NAME = "billboard-0";

/** @throws Error for what the manifests have not used so far */
export function environmentOf(manifests: Manifests, pod: PodSpec, container: Container): Record<string, string> {
  const settings = (container.envFrom ?? []).map(({ configMapRef }) => {
    const map = manifests.of("ConfigMap").find(({ metadata }) => metadata?.name === configMapRef?.name);
    if (map === undefined) throw new Error(`there is no ConfigMap named ${String(configMapRef?.name)}`);
    return map.data;
  });
  const own = (container.env ?? []).map((variable) => [variable.name, valueOf(pod, variable)]);
  const values = Object.assign({}, ...settings, Object.fromEntries(own)) as Record<string, string>;
  const expanded = Object.entries(values).map(([name, value]) => [
    name,
    value.replace(/\$\((\w+)\)/g, (_, used: string) => values[used]!),
  ]);
  return Object.fromEntries(expanded) as Record<string, string>;
}

function valueOf(pod: PodSpec, { name, value, valueFrom }: EnvVar): string {
  if (value !== undefined) return value;
  if (valueFrom?.fieldRef?.fieldPath === "metadata.name") return POD_NAME;
  const { containerName, resource } = valueFrom?.resourceFieldRef ?? {};
  if (containerName === undefined || resource !== "requests.cpu") throw new Error(`${name}: its value is not known`);
  const cpu = String(containerOf(pod, containerName).resources?.requests?.["cpu"]);
  if (!/^\d+(\.\d+)?m?$/.test(cpu)) throw new Error(`${containerName}: requests.cpu is ${cpu}`);
  // Kubernetes divides by whole cores and rounds up.
  return String(Math.ceil(Number.parseFloat(cpu) / (cpu.endsWith("m") ? 1000 : 1)));
}
