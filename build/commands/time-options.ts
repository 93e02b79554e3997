/** Describes the options of a build that tell of times and how they are read. */
import { machineTimeZone, oneOf, TIME_ZONE, type ValueKind } from "../../src/options/values.js";
import type { OptionTable, OptionValues } from "../../src/options/options.js";
import { INSTANT, instantOf } from "../read/instant.js";
import type { TimeOptions } from "../read/time-options.js";

const DIVISORS_OF_60 = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];

/** As it is given: which of a zone's names Node.js has for it differs by release, and the index holds it. */
const NAMED_ZONE: ValueKind<string> = {
  ...TIME_ZONE,
  parse: (name) => (TIME_ZONE.parse(name) === undefined ? undefined : name),
};

/** In which zone it is, the data decide. */
export const MOMENT: ValueKind<string> = {
  placeholder: "TIME",
  allowed: INSTANT,
  parse: (text) => (instantOf(text, "UTC") === undefined ? undefined : text),
};

export const TIME_OPTIONS = {
  "time-zone": {
    ...NAMED_ZONE,
    help: "zone of times without an offset, and whose minutes tell the period of a timestamp (this machine's)",
  },
  periods: {
    ...oneOf(Object.fromEntries(DIVISORS_OF_60.map((periods) => [String(periods), periods]))),
    placeholder: "P",
    help: "periods an hour, where rows have timestamps (4)",
  },
  from: { ...MOMENT, help: "count only what has a timestamp from then on" },
  to: { ...MOMENT, help: "count only what has a timestamp before then" },
  at: { ...MOMENT, help: "moment whose banners are shown, by status, from and until in banners.csv (now)" },
} satisfies OptionTable;

export function timeOptionsOf(values: OptionValues<typeof TIME_OPTIONS>): TimeOptions {
  const { "time-zone": timeZone, periods, from, to } = values;
  return {
    "time-zone": timeZone,
    periods,
    from,
    to,
    // Where it is asked for: it takes 10 ms, as the first use of `Intl`.
    get machineZone() {
      return machineTimeZone(process.env["TZ"]);
    },
  };
}
