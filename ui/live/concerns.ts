/** Finds what needs attention in what a server tells of itself. */
import type { PastReload, RecordingStatus, Status } from "../../src/admin/status-json.js";
import { count, counted, minutesOf } from "../../src/index/wording.js";
import { MAX_ORIGINS } from "../../src/response/turned-away.js";
import { printable } from "../../src/options/printable.js";
import { canonicalZone } from "../../src/options/time-zone.js";
import type { Concern } from "../source.js";

/** The most urgent first. */
export function concernsOf({ index, workers, reloads, pull, recording, ...status }: Status): Concern[] {
  const { time_zone, turned_away, fixed_period } = status;
  const texts: Readonly<Record<string, readonly (string | false | undefined)[]>> = {
    Reloads: [refusalText(reloads)],
    Index: [
      index && workers.listening === 0 && "No worker serves: visitors get no answer.",
      pull?.last_result === "failed" && `The source ${printable(pull.source)} gives no index: ${reasonOf(pull)}.`,
      pull?.last_result === "refused" &&
        reloads[0]?.result !== "refused" &&
        `What the source gives is refused: ${reasonOf(pull)}.`,
      index &&
        fixed_period !== undefined &&
        `PERIOD fixes the period, for demonstrations: minutes ${minutesOf(fixed_period, index.periods)} are shown all the time.`,
      index?.time_zone !== undefined &&
        zoneOf(index.time_zone) !== zoneOf(time_zone) &&
        `The index was cut into periods in ${printable(index.time_zone)}, and this server's TIME_ZONE is ${time_zone}.`,
      workers.restarts > 0 && `${counted(workers.restarts, "worker")} had to be restarted.`,
    ],
    "What is recorded": recording === undefined ? [] : recordingTexts(recording),
    "Sites that were turned away": [
      turned_away.length > 0 &&
        `Pages of ${turned_away.length === MAX_ORIGINS ? "at least " : ""}${counted(turned_away.length, "site")} asked for banners and were turned away: ALLOWED_ORIGINS does not name them.`,
    ],
  };
  return Object.entries(texts).flatMap(([under, some]) =>
    some.filter((text) => typeof text === "string").map((text) => ({ text, under })),
  );
}

const reasonOf = ({ reason = "" }: { readonly reason?: string }): string => printable(reason);

/** What is wrong with what is recorded, and what to do. */
export function recordingTexts({ failure, dropped, folder }: RecordingStatus): readonly string[] {
  const lost = `${counted(dropped.impressions, "impression")} and ${counted(dropped.clicks, "click")}`;
  return [
    failure !== undefined &&
      `Nothing can be recorded: ${printable(failure)}. Banners are shown on, and what waits is lost in a while: give ${printable(folder)} room, or the server access to it.`,
    dropped.impressions + dropped.clicks > 0 &&
      `${lost} were lost since the start, and will be missing from the next index: look whether the disk of ${printable(folder)} is full or slow.`,
  ].filter((text) => text !== false);
}

/** Of the last reload and those before it in a row; undefined where it was no refusal. */
export function refusalText(reloads: readonly PastReload[]): string | undefined {
  const end = reloads.findIndex(({ result }) => result !== "refused");
  const [last, ...before] = end === -1 ? reloads : reloads.slice(0, end);
  const [what, them] = before.length === 0 ? ["index was", "it"] : [`${count(before.length + 1)} indexes were`, "them"];
  return last && `The last ${what} refused, and the index before ${them} goes on serving: ${reasonOf(last)}.`;
}

/** The build may know zones that this browser does not. */
const zoneOf = (name: string): string => canonicalZone(name) ?? name;
