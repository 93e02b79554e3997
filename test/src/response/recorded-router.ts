/** A router that records, and what it has recorded. */
import { DecisionRecorder, type RecordingPart } from "../../../src/response/decision-recorder.js";
import { newRing, RingReader } from "../../../src/recording/ring.js";
import type { Catalog } from "../../../src/index/catalog.js";
import type { ResponseSettings } from "../../../src/response/decisions.js";
import { newCounters, type Counters } from "../../../src/response/counters.js";
import { Router } from "../../../src/response/router.js";
import { SETTINGS } from "./response-settings.js";
import { seededRandom } from "../seeded-random.js";

export interface Recorded {
  readonly kind: "impression" | "click";
  readonly seconds: number;
  readonly campaign: number;
  readonly banner: number;
  /** "" of an impression. */
  readonly id: string;
}

export interface RecordedRouter {
  readonly router: Router;
  readonly counters: Counters;
  /** What was recorded since the last call. */
  readonly recorded: () => Recorded[];
}

export function recordedRouter(
  catalog: Catalog,
  now: () => number,
  recording: Partial<RecordingPart> = {},
  settings: Partial<ResponseSettings> = {},
): RecordedRouter {
  const ring = newRing(1024);
  const counters = newCounters();
  const recorder = new DecisionRecorder(
    {
      rings: [ring],
      key: Buffer.alloc(32, 7),
      clickMaxAge: 86_400,
      ignoreHeader: "",
      heedsGpc: false,
      clickBase: "",
      ...recording,
    },
    1,
    counters,
  );
  const router = new Router(catalog, { ...SETTINGS, ...settings }, seededRandom(1), now, counters, undefined, recorder);
  const reader = new RingReader(ring);
  const recorded = (): Recorded[] => {
    const rows: Recorded[] = [];
    reader.read({
      impression: (seconds, campaign, banner) => {
        rows.push({ kind: "impression", seconds, campaign, banner, id: "" });
      },
      click: (seconds, campaign, banner, words) => {
        const id = Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
        rows.push({ kind: "click", seconds, campaign, banner, id });
      },
    });
    return rows;
  };
  return { router, counters, recorded };
}
