/** Describes the builds: when there is one, and the volumes between data, build and servers. */
import type { CronJob } from "kubernetes-types/batch/v1.js";
import type { PersistentVolumeClaim } from "kubernetes-types/core/v1.js";
import { DATA_FOLDER, IMAGE, INDEX_FOLDER } from "./image.js";
import { BUILD_NAME, CONTAINER_SECURITY, DATA_CLAIM, INDEX_CLAIM, INDEX_VOLUME, labelsOf, NAME, POD } from "./pod.js";

const LABELS = labelsOf("build");
/** What the program ends with where data or options are wrong. */
const BAD_DATA_OR_USAGE = [1, 2];

export const buildJob: CronJob = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: BUILD_NAME, labels: LABELS },
  spec: {
    schedule: "7 * * * *",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 600,
    jobTemplate: {
      metadata: { labels: LABELS },
      spec: {
        activeDeadlineSeconds: 3000,
        backoffLimit: 3,
        // What was refused once is refused again; a pod that was evicted is worth another try.
        podFailurePolicy: {
          rules: [
            { action: "FailJob", onExitCodes: { containerName: "build", operator: "In", values: BAD_DATA_OR_USAGE } },
          ],
        },
        template: {
          metadata: { labels: LABELS },
          spec: {
            ...POD,
            restartPolicy: "Never",
            containers: [
              {
                name: "build",
                image: IMAGE,
                args: ["build", "--data", DATA_FOLDER, "--out", INDEX_FOLDER],
                resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { memory: "2Gi" } },
                securityContext: CONTAINER_SECURITY,
                volumeMounts: [
                  { name: "data", mountPath: DATA_FOLDER, readOnly: true },
                  { name: INDEX_VOLUME.name, mountPath: INDEX_FOLDER },
                ],
              },
            ],
            volumes: [{ name: "data", persistentVolumeClaim: { claimName: DATA_CLAIM } }, INDEX_VOLUME],
          },
        },
      },
    },
  },
};

export function claim(name: string, storage: string): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, labels: { "app.kubernetes.io/name": NAME } },
    // The pods that write and those that read are on any nodes.
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage } } },
  };
}

export const claims: readonly PersistentVolumeClaim[] = [claim(DATA_CLAIM, "10Gi"), claim(INDEX_CLAIM, "5Gi")];
