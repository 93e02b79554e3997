/** Describes who reaches which pods by which port. */
import type { Service } from "kubernetes-types/core/v1.js";
import type { Ingress, NetworkPolicy, NetworkPolicyPeer } from "kubernetes-types/networking/v1.js";
import { PORTS } from "./image.js";
import { BUILD_NAME, labelsOf, NAME } from "./pod.js";

const HOST = "billboard.example.com";

const LABELS = labelsOf("server");
const METADATA = { name: NAME, labels: LABELS };

/** Any server may answer any request: what a visitor saw is in a cookie. */
export const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: METADATA,
  spec: {
    type: "ClusterIP",
    selector: LABELS,
    ports: Object.entries(PORTS).map(([name, port]) => ({ name, port, targetPort: name, protocol: "TCP" as const })),
  },
};

export const ingress: Ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: METADATA,
  spec: {
    tls: [{ hosts: [HOST], secretName: `${NAME}-tls` }],
    rules: [
      {
        host: HOST,
        http: {
          paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: NAME, port: { name: "http" } } } }],
        },
      },
    ],
  },
};

export function namespace(name: string): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Neither kind of pod asks anybody for anything, so that nothing may go out. */
export const policies: readonly NetworkPolicy[] = [
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: METADATA,
    spec: {
      podSelector: { matchLabels: LABELS },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [namespace("ingress")], ports: [{ port: "http", protocol: "TCP" }] },
        { from: [namespace("monitoring")], ports: [{ port: "health", protocol: "TCP" }] },
      ],
    },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: BUILD_NAME, labels: labelsOf("build") },
    spec: { podSelector: { matchLabels: labelsOf("build") }, policyTypes: ["Ingress", "Egress"] },
  },
];
