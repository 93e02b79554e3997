/** Describes servers that record: each has a name for good, and by it a folder of its own on the volume of all. */
import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { Container, EnvVar, Service } from "kubernetes-types/core/v1.js";
import type { NetworkPolicy } from "kubernetes-types/networking/v1.js";
import { CONVERSION_PORT, RECORD_FOLDER } from "./image.js";
import { namespace } from "./network.js";
import { labelsOf, NAME, RECORD_CLAIM } from "./pod.js";
import { autoscaler, deployment, spreadOver } from "./server.js";

const RECORDING_NAME = `${NAME}-recording`;
const CONVERSIONS_NAME = `${NAME}-conversions`;
const SECRET_FOLDER = "/run/secrets/billboard-recording";
const LABELS = labelsOf("server");
const CONVERSIONS = "conversions";

const RECORD_VOLUME = { name: "record", persistentVolumeClaim: { claimName: RECORD_CLAIM } };
const SECRET_VOLUME = { name: "recording", secret: { secretName: RECORDING_NAME, defaultMode: 0o440 } };

const SETTINGS: readonly EnvVar[] = [
  { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "RECORD", value: `${RECORD_FOLDER}/$(POD_NAME)` },
  { name: "RECORD_KEY_FILE", value: `${SECRET_FOLDER}/record-key` },
  { name: "CONVERSION_HOST", value: "0.0.0.0" },
  { name: "CONVERSION_PORT", value: String(CONVERSION_PORT) },
  { name: "CONVERSION_TOKEN_FILE", value: `${SECRET_FOLDER}/conversion-token` },
];

function recording(container: Container): Container {
  if (container.name !== "server") return container;
  return {
    ...container,
    env: [...container.env!, ...SETTINGS],
    ports: [...container.ports!, { name: CONVERSIONS, containerPort: CONVERSION_PORT, protocol: "TCP" }],
    volumeMounts: [
      ...container.volumeMounts!,
      { name: RECORD_VOLUME.name, mountPath: RECORD_FOLDER },
      { name: SECRET_VOLUME.name, mountPath: SECRET_FOLDER, readOnly: true },
    ],
  };
}

const { metadata, spec: pod } = deployment.spec!.template;

/**
 * Not a Deployment: its pods have new names each time, so that nobody would close the files that a crash left open. Not
 * a volume a pod: a build could not read them all.
 */
export const statefulSet: StatefulSet = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: deployment.metadata!,
  spec: {
    // Nobody asks for one server by its name, so that the service of all will do.
    serviceName: NAME,
    selector: deployment.spec!.selector,
    // None waits for another.
    podManagementPolicy: "Parallel",
    template: {
      metadata: metadata!,
      spec: {
        ...pod!,
        topologySpreadConstraints: pod!.topologySpreadConstraints!.map(({ topologyKey }) =>
          spreadOver(topologyKey, "controller-revision-hash"),
        ),
        containers: pod!.containers.map(recording),
        volumes: [...pod!.volumes!, RECORD_VOLUME, SECRET_VOLUME],
      },
    },
  },
};

export const conversionsService: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: CONVERSIONS_NAME, labels: LABELS },
  spec: {
    type: "ClusterIP",
    selector: LABELS,
    ports: [{ name: CONVERSIONS, port: CONVERSION_PORT, targetPort: CONVERSIONS, protocol: "TCP" }],
  },
};

/** Beside that of all servers: what either allows is allowed. */
export const conversionsPolicy: NetworkPolicy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: CONVERSIONS_NAME, labels: LABELS },
  spec: {
    podSelector: { matchLabels: LABELS },
    policyTypes: ["Ingress"],
    ingress: [{ from: [namespace("ingress")], ports: [{ port: CONVERSIONS, protocol: "TCP" }] }],
  },
};

/** What it takes from the base, and changes there. */
export const patches: readonly { readonly target: object; readonly patch: string }[] = [
  {
    target: { kind: deployment.kind, name: NAME },
    patch: `$patch: delete\napiVersion: ${deployment.apiVersion!}\nkind: ${deployment.kind!}\nmetadata: { name: ${NAME} }\n`,
  },
  {
    target: { kind: autoscaler.kind, name: NAME },
    patch: `- { op: replace, path: /spec/scaleTargetRef/kind, value: ${statefulSet.kind!} }\n`,
  },
];
