/** Holds what all pods have in common: labels, rights, volumes. */
import type { PodSecurityContext, PodSpec, SecurityContext, Volume } from "kubernetes-types/core/v1.js";
import { USER } from "./image.js";

export const NAME = "billboard";
export const BUILD_NAME = `${NAME}-build`;
export const CYCLE_NAME = `${NAME}-cycle`;

/** Of a Deployment they can never be changed: no version, nothing that a release has anew. */
export function labelsOf(component: "server" | "build"): Record<string, string> {
  return { "app.kubernetes.io/name": NAME, "app.kubernetes.io/component": component };
}

const POD_SECURITY: PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  // The group of the files of secrets and, where its driver can set one, of the volumes.
  fsGroup: USER,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

export const CONTAINER_SECURITY: SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Nothing in a pod asks Kubernetes for anything, or needs to be told of services. */
export const POD: Omit<PodSpec, "containers"> = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: POD_SECURITY,
};

export const INDEX_CLAIM = `${NAME}-index`;
export const DATA_CLAIM = `${NAME}-data`;
export const RECORD_CLAIM = `${NAME}-record`;

export const INDEX_VOLUME: Volume = { name: "index", persistentVolumeClaim: { claimName: INDEX_CLAIM } };
