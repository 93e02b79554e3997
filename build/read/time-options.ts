/** Decides by the options of a build how the timestamps in its data are read. */
import { UsageError } from "../../src/options/options.js";
import type { EventTimes } from "./event-time.js";
import { instantOf } from "./instant.js";

/** All are undefined where they are not given. */
export interface TimeOptions {
  readonly "time-zone"?: string | undefined;
  readonly periods?: number | undefined;
  /** Instants, as people write them. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The zone of this machine, for want of one that is given; undefined where it has no name. */
  readonly machineZone?: string | undefined;
}

const DEFAULT_PERIODS = 4;

/** Undefined for data in period folders. @throws UsageError where options contradict the data or each other */
export function eventTimes(data: string, hasPeriodFolders: boolean, options: TimeOptions = {}): EventTimes | undefined {
  if (hasPeriodFolders) {
    const { periods, from, to } = options;
    const given = Object.entries({ periods, from, to }).find(([, value]) => value !== undefined);
    if (given === undefined) return undefined;
    throw new UsageError(
      `--${given[0]}: is for events with timestamps, and ${data} has period folders, whose rows have no time: ` +
        "leave it out, or put files with a column timestamp in the data folder itself",
    );
  }
  const { periods = DEFAULT_PERIODS } = options;
  const timeZone = options["time-zone"] ?? options.machineZone;
  if (timeZone === undefined)
    throw new UsageError(
      "--time-zone: is not given, and the zone of this machine has no name that Node.js knows: name one, such as Europe/Berlin",
    );
  const [from, to] = [options.from, options.to].map((text) => (text === undefined ? text : instantOf(text, timeZone)));
  if (from !== undefined && to !== undefined && from >= to)
    throw new UsageError(`--to: ${options.to} is not after --from ${options.from}: no event is in between`);
  return { timeZone, periods, from, to };
}

/** The zone of times without an offset, in whichever file they are. */
export function zoneOf(options: TimeOptions = {}): string {
  return options["time-zone"] ?? options.machineZone ?? "UTC";
}
