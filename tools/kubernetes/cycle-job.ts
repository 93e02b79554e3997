/** Describes the cycle, where servers record: the job that builds from their folders, in place of the build's. */
import type { CronJob } from "kubernetes-types/batch/v1.js";
import type { PersistentVolumeClaim, Volume } from "kubernetes-types/core/v1.js";
import { BUILDER, claim, DATA_VOLUME, hourlyJob } from "./build-job.js";
import { DATA_FOLDER, IMAGE, INDEX_FOLDER, RECORD_FOLDER } from "./image.js";
import { BUILD_NAME, CYCLE_NAME, INDEX_VOLUME, NAME, RECORD_CLAIM } from "./pod.js";

const RECORD_VOLUME: Volume = { name: "record", persistentVolumeClaim: { claimName: RECORD_CLAIM } };
/** The root cannot be written to, and the cycle makes links. */
const LINKS_VOLUME: Volume = { name: "links", emptyDir: { sizeLimit: "64Mi" } };

/** How many servers there are, and so their folders, changes. A server loads the index by itself. */
const CYCLE = `for folder in "$0"/*/; do set -- "$@" --record "$folder"; done
exec billboard cycle --time-zone "$TIME_ZONE" --no-reload "$@"
`;

export const cycleJob: CronJob = hourlyJob(
  CYCLE_NAME,
  // Files of the quarter before are closed by then.
  "1 * * * *",
  {
    name: "cycle",
    image: IMAGE,
    command: ["sh", "-c", CYCLE, RECORD_FOLDER, "--data", DATA_FOLDER, "--out", INDEX_FOLDER, "--window", "7d"],
    envFrom: [{ configMapRef: { name: NAME } }],
    ...BUILDER,
    volumeMounts: [
      { name: DATA_VOLUME.name, mountPath: DATA_FOLDER, readOnly: true },
      { name: RECORD_VOLUME.name, mountPath: RECORD_FOLDER, readOnly: true },
      { name: LINKS_VOLUME.name, mountPath: "/tmp" },
      { name: INDEX_VOLUME.name, mountPath: INDEX_FOLDER },
    ],
  },
  [DATA_VOLUME, RECORD_VOLUME, LINKS_VOLUME, INDEX_VOLUME],
);

export const recordClaim: PersistentVolumeClaim = claim(RECORD_CLAIM, "20Gi");

/** Two jobs that build would replace each other's index. */
export const SUSPENDED_BUILD = {
  target: { kind: "CronJob", name: BUILD_NAME },
  patch: "- { op: add, path: /spec/suspend, value: true }\n",
};
