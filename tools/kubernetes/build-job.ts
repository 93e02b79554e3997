/** Describes the builds: when there is one, and the volumes between data, build and servers. */
import type { CronJob } from "kubernetes-types/batch/v1.js";
import type { Container, PersistentVolumeClaim, Volume } from "kubernetes-types/core/v1.js";
import { DATA_FOLDER, IMAGE, INDEX_FOLDER } from "./image.js";
import { BUILD_NAME, CONTAINER_SECURITY, DATA_CLAIM, INDEX_CLAIM, INDEX_VOLUME, labelsOf, NAME, POD } from "./pod.js";

const LABELS = labelsOf("build");
/** What the program ends with where data or options are wrong. */
const BAD_DATA_OR_USAGE = [1, 2];

/** Once an hour, never two at once. */
export function hourlyJob(name: string, schedule: string, container: Container, volumes: Volume[]): CronJob {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, labels: LABELS },
    spec: {
      schedule,
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
              {
                action: "FailJob",
                onExitCodes: { containerName: container.name, operator: "In", values: BAD_DATA_OR_USAGE },
              },
            ],
          },
          template: {
            metadata: { labels: LABELS },
            spec: { ...POD, restartPolicy: "Never", containers: [container], volumes },
          },
        },
      },
    },
  };
}

export const DATA_VOLUME: Volume = { name: "data", persistentVolumeClaim: { claimName: DATA_CLAIM } };

/** What the container of a build has, whatever it builds from. */
export const BUILDER: Pick<Container, "resources" | "securityContext"> = {
  resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { memory: "2Gi" } },
  securityContext: CONTAINER_SECURITY,
};

export const buildJob: CronJob = hourlyJob(
  BUILD_NAME,
  "7 * * * *",
  {
    name: "build",
    image: IMAGE,
    args: ["build", "--data", DATA_FOLDER, "--out", INDEX_FOLDER],
    ...BUILDER,
    volumeMounts: [
      { name: DATA_VOLUME.name, mountPath: DATA_FOLDER, readOnly: true },
      { name: INDEX_VOLUME.name, mountPath: INDEX_FOLDER },
    ],
  },
  [DATA_VOLUME, INDEX_VOLUME],
);

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
