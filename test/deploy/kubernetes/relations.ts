/** Holds manifests to what they say of each other, of the program and of the image. */
import type { Test } from "tap";
import type { LabelSelector } from "kubernetes-types/meta/v1.js";
import { readConfig, VARIABLE_NAMES } from "../../../src/config.js";
import { DATA_FOLDER, INDEX_FOLDER, USER } from "../../../tools/kubernetes/image.js";
import { environmentOf } from "./environment.js";
import { containerOf, containersOf, type Manifests } from "./objects.js";

/** Seconds that the server waits beyond SHUTDOWN_TIMEOUT for workers that hang, at most. */
const CUT_AFTER = 4;

type Labels = Readonly<Record<string, string>> | undefined;

function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([name, value]) => labels?.[name] === value);
}

export function holdSelectors(t: Test, manifests: Manifests): void {
  const { template, selector } = manifests.the("Deployment").spec!;
  const server = template.metadata?.labels;
  const build = manifests.the("CronJob").spec!.jobTemplate.spec!.template.metadata?.labels;
  const service = manifests.the("Service");
  const spread = template.spec!.topologySpreadConstraints!.map(({ labelSelector }) => labelSelector);
  const [serverPolicy, buildPolicy, ...more] = manifests.of("NetworkPolicy").map(({ spec }) => spec!.podSelector);
  const ofServers: (LabelSelector | undefined)[] = [
    selector,
    ...spread,
    manifests.the("PodDisruptionBudget").spec!.selector,
    { matchLabels: service.spec!.selector! },
    serverPolicy,
  ];
  for (const each of ofServers) {
    t.ok(selects(each?.matchLabels, server), "selects the servers");
    t.notOk(selects(each?.matchLabels, build), "and no build");
  }
  t.ok(selects(buildPolicy?.matchLabels, build));
  t.same(more, []);
  t.ok(selects(manifests.the("ServiceMonitor").spec.selector.matchLabels, service.metadata?.labels));
}

export function holdPorts(t: Test, manifests: Manifests): void {
  const pod = manifests.serverPod;
  const server = containerOf(pod, "server");
  const config = readConfig({}, environmentOf(manifests, pod, server));
  const open = Object.fromEntries(server.ports!.map(({ name, containerPort }) => [name!, containerPort]));
  t.same(open, { http: config.PORT, health: config.HEALTH_PORT });
  t.notOk(Object.values(open).includes(config.ADMIN_PORT));
  t.equal(config.ADMIN_HOST, "127.0.0.1");

  for (const [probe, path] of [
    [server.startupProbe, "/readyz"],
    [server.readinessProbe, "/readyz"],
    [server.livenessProbe, "/healthz"],
  ] as const)
    t.match(probe?.httpGet, { path, port: "health" });

  const ports = manifests.the("Service").spec!.ports!;
  t.same(
    ports.map(({ targetPort }) => targetPort),
    Object.keys(open),
  );
  const named = (name: unknown): boolean => ports.some((port) => port.name === name);
  for (const { host, http } of manifests.the("Ingress").spec!.rules!) {
    t.ok(
      manifests.the("Ingress").spec!.tls!.some(({ hosts }) => hosts!.includes(host!)),
      `${host!} has TLS`,
    );
    for (const { backend } of http!.paths)
      t.match(backend.service, { name: manifests.the("Service").metadata!.name!, port: { name: "http" } });
  }
  t.ok(named("http"));
  for (const { port } of manifests.the("ServiceMonitor").spec.endpoints) t.ok(named(port));
  const allowed = manifests.of("NetworkPolicy").flatMap(({ spec }) => spec!.ingress ?? []);
  t.same(
    allowed.map(({ ports }) => ports!.map(({ port }) => port)),
    [["http"], ["health"]],
  );
}

export function holdShutdown(t: Test, manifests: Manifests): void {
  const pod = manifests.serverPod;
  const config = readConfig({}, environmentOf(manifests, pod, containerOf(pod, "server")));
  t.ok(config.SHUTDOWN_DELAY >= 5, "proxies hear that the pod is going before its port closes");
  t.ok(pod.terminationGracePeriodSeconds! > config.SHUTDOWN_DELAY + config.SHUTDOWN_TIMEOUT + CUT_AFTER);
}

export function holdSettings(t: Test, manifests: Manifests): void {
  for (const pod of [manifests.serverPod, manifests.buildPod])
    for (const container of containersOf(pod)) {
      const environment = environmentOf(manifests, pod, container);
      for (const name of Object.keys(environment))
        t.ok((VARIABLE_NAMES as readonly string[]).includes(name), `${container.name}: ${name} is a setting`);
      t.doesNotThrow(() => readConfig({}, environment));
    }
}

export function holdVolumes(t: Test, manifests: Manifests): void {
  const claims = manifests.of("PersistentVolumeClaim").map(({ metadata }) => metadata!.name);
  for (const pod of [manifests.serverPod, manifests.buildPod]) {
    const volumes = pod.volumes!.map(({ name }) => name);
    const mounts = containersOf(pod).flatMap(({ volumeMounts }) => volumeMounts!);
    t.same(new Set(mounts.map(({ name }) => name)), new Set(volumes));
    for (const { persistentVolumeClaim, secret } of pod.volumes!) {
      if (persistentVolumeClaim !== undefined) t.ok(claims.includes(persistentVolumeClaim.claimName));
      else t.equal(secret?.defaultMode, 0o440, "no other user reads the token");
    }
    for (const { name, mountPath } of mounts)
      t.equal({ index: INDEX_FOLDER, data: DATA_FOLDER, "admin-token": "/run/secrets/billboard" }[name], mountPath);
    for (const container of containersOf(pod)) {
      const paths = [...(container.args ?? []), ...Object.values(environmentOf(manifests, pod, container))];
      for (const path of paths.filter((each) => each.startsWith("/")))
        t.ok(
          container.volumeMounts!.some(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`)),
          `${container.name}: ${path} is on a volume`,
        );
    }
  }
  const writing = containersOf(manifests.buildPod)[0]!.volumeMounts!.filter(({ readOnly }) => readOnly !== true);
  t.same(
    writing.map(({ name }) => name),
    ["index"],
  );
  t.ok(containersOf(manifests.serverPod).every(({ volumeMounts }) => volumeMounts!.every(({ readOnly }) => readOnly)));
}

/** What the profile `restricted` of the Pod Security Standards asks for, and a root that nobody writes to. */
export function holdRights(t: Test, manifests: Manifests): void {
  for (const pod of [manifests.serverPod, manifests.buildPod]) {
    t.match(pod.securityContext, { runAsNonRoot: true, runAsUser: USER, seccompProfile: { type: "RuntimeDefault" } });
    t.equal(pod.automountServiceAccountToken, false);
    t.equal(pod.enableServiceLinks, false);
    for (const { securityContext, resources } of containersOf(pod)) {
      t.same(securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      t.match(resources, { requests: { cpu: String, memory: String }, limits: { memory: String } });
    }
  }
}

export function holdNumbers(t: Test, manifests: Manifests): void {
  const deployment = manifests.the("Deployment");
  const { scaleTargetRef, minReplicas, maxReplicas, metrics } = manifests.the("HorizontalPodAutoscaler").spec!;
  const { apiVersion, kind, metadata } = deployment;
  t.same(scaleTargetRef, { apiVersion, kind, name: metadata!.name });
  t.equal(deployment.spec!.replicas, undefined, "the autoscaler's number stays");
  t.ok(containerOf(manifests.serverPod, metrics![0]!.containerResource!.container));
  t.ok(Number(manifests.the("PodDisruptionBudget").spec!.maxUnavailable) < minReplicas!);
  t.ok(minReplicas! < maxReplicas);
}
