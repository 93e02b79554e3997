/** Describes the servers: their pods, how many there are, and how many may be away at once. */
import type { Deployment } from "kubernetes-types/apps/v1.js";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.js";
import type { Container, EnvVar, PodSpec, Probe } from "kubernetes-types/core/v1.js";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { ADMIN_PORT, IMAGE, INDEX_FILE, INDEX_FOLDER, PORTS } from "./image.js";
import { CONTAINER_SECURITY, INDEX_VOLUME, labelsOf, NAME, POD } from "./pod.js";

/** Seconds until proxies have heard that a pod is going, as a rule. */
const SHUTDOWN_DELAY = 10;
const SHUTDOWN_TIMEOUT = 20;
/** Seconds beside both, after which Kubernetes kills what is left. */
const SPARE = 10;

const RELOAD_EVERY = 60;

const SECRET_FOLDER = "/run/secrets/billboard";
const TOKEN: EnvVar = { name: "ADMIN_TOKEN_FILE", value: `${SECRET_FOLDER}/token` };

const LABELS = labelsOf("server");
const METADATA = { name: NAME, labels: LABELS };

const INDEX_MOUNT = { name: INDEX_VOLUME.name, mountPath: INDEX_FOLDER, readOnly: true };
const TOKEN_MOUNT = { name: "admin-token", mountPath: SECRET_FOLDER, readOnly: true };

function probe(path: string, timing: Omit<Probe, "httpGet">): Probe {
  return { httpGet: { path, port: "health" }, ...timing };
}

const server: Container = {
  name: "server",
  image: IMAGE,
  args: ["serve"],
  envFrom: [{ configMapRef: { name: NAME } }],
  env: [
    // A thread for each core that the pod is promised, rounded up: the node may have many more.
    { name: "WORKERS", valueFrom: { resourceFieldRef: { containerName: "server", resource: "requests.cpu" } } },
    { name: "INDEX_FILE", value: INDEX_FILE },
    { name: "PORT", value: String(PORTS.http) },
    { name: "ADMIN_PORT", value: String(ADMIN_PORT) },
    TOKEN,
    { name: "HEALTH_PORT", value: String(PORTS.health) },
    { name: "SHUTDOWN_DELAY", value: String(SHUTDOWN_DELAY) },
    { name: "SHUTDOWN_TIMEOUT", value: String(SHUTDOWN_TIMEOUT) },
  ],
  ports: Object.entries(PORTS).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" as const })),
  // Five minutes to load a large index from a slow volume.
  startupProbe: probe("/readyz", { periodSeconds: 2, failureThreshold: 150, timeoutSeconds: 2 }),
  readinessProbe: probe("/readyz", { periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 2 }),
  livenessProbe: probe("/healthz", { periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 }),
  resources: {
    // No limit of cpu: to be throttled in the middle of a response costs more than it saves anybody.
    requests: { cpu: "2", memory: "1Gi" },
    // Room for two indexes of 400 MiB, since a reload has both in memory.
    limits: { memory: "1Gi" },
  },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [INDEX_MOUNT, TOKEN_MOUNT],
};

/** Until the first build has published one, a server would end at its start, again and again. */
const waitForIndex: Container = {
  name: "wait-for-index",
  image: IMAGE,
  command: ["sh", "-c", `trap 'exit 0' TERM\nuntil [ -e "$INDEX_FILE" ]; do sleep 2 & wait $!; done\n`],
  env: [{ name: "INDEX_FILE", value: INDEX_FILE }],
  resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [INDEX_MOUNT],
};

/** What is not served yet is tried again each time. Without a trap, a container's first process heeds no SIGTERM. */
const RELOAD = `trap 'exit 0' TERM
loaded=
while :; do
  sleep ${RELOAD_EVERY} & wait $!
  found=$(stat -c %i-%Y-%s "$INDEX_FILE") || continue
  [ "$found" = "$loaded" ] || { billboard reload && loaded=$found; }
done
`;

const reload: Container = {
  name: "reload",
  image: IMAGE,
  command: ["sh", "-c", RELOAD],
  env: [{ name: "INDEX_FILE", value: INDEX_FILE }, { name: "ADMIN_PORT", value: String(ADMIN_PORT) }, TOKEN],
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [INDEX_MOUNT, TOKEN_MOUNT],
};

/** @param release the label that differs from one release to the next */
export function spreadOver(
  topologyKey: string,
  release: string,
): NonNullable<PodSpec["topologySpreadConstraints"]>[number] {
  return {
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: LABELS },
    // Each release by itself: the pods that it replaces are going anyway.
    matchLabelKeys: [release],
  };
}

export const deployment: Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: METADATA,
  // No number of replicas: each `apply` would take back what the autoscaler has set.
  spec: {
    selector: { matchLabels: LABELS },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: LABELS },
      spec: {
        ...POD,
        terminationGracePeriodSeconds: SHUTDOWN_DELAY + SHUTDOWN_TIMEOUT + SPARE,
        topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) =>
          spreadOver(topologyKey, "pod-template-hash"),
        ),
        initContainers: [waitForIndex],
        containers: [server, reload],
        volumes: [
          INDEX_VOLUME,
          { name: TOKEN_MOUNT.name, secret: { secretName: `${NAME}-admin`, defaultMode: 0o440 } },
        ],
      },
    },
  },
};

export const disruptionBudget: PodDisruptionBudget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: METADATA,
  spec: {
    maxUnavailable: 1,
    selector: { matchLabels: LABELS },
    // A pod that is not ready serves nobody, and must not hold up a node that is to be emptied.
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  },
};

export const autoscaler: HorizontalPodAutoscaler = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: METADATA,
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: NAME },
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [
      {
        type: "ContainerResource",
        containerResource: {
          container: server.name,
          name: "cpu",
          target: { type: "Utilization", averageUtilization: 60 },
        },
      },
    ],
  },
};
