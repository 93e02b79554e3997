/** Tells a zone's offset from UTC at a moment, and the moment of a local time. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Hours kept: more than a year, so that a year in any order is asked for once. */
const SLOTS = 1 << 14;
const NO_HOUR = -0x80000000;
/** The offset changes within the hour, or an hour of local time is partly skipped. */
const CHANGES = 0x7fffffff;
const SKIPPED = 0x7ffffffe;

/** Offsets are in milliseconds: before standard time, zones differ from UTC by odd seconds. */
export class ZoneOffsets {
  readonly #zone: Intl.DateTimeFormat;
  readonly #byHour = new HourCache((hour) => {
    const first = this.#ask(hour * HOUR_MS);
    return first === this.#ask((hour + 1) * HOUR_MS - 1) ? first : CHANGES;
  });
  readonly #byLocalHour = new HourCache((hour) => {
    const first = this.#offsetOfLocal(hour * HOUR_MS);
    return first === this.#offsetOfLocal((hour + 1) * HOUR_MS - 1) ? first : CHANGES;
  });

  /** @throws RangeError where the zone is unknown */
  constructor(timeZone: string) {
    this.#zone = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  }

  at(epochMs: number): number {
    const offset = this.#byHour.get(Math.floor(epochMs / HOUR_MS));
    return offset === CHANGES ? this.#ask(epochMs) : offset;
  }

  /** Of a local time that comes twice, the first moment; NaN for one that clocks put forward leave out. */
  momentOf(localMs: number): number {
    const kept = this.#byLocalHour.get(Math.floor(localMs / HOUR_MS));
    const offset = kept === CHANGES ? this.#offsetOfLocal(localMs) : kept;
    return offset === SKIPPED ? NaN : localMs - offset;
  }

  /** A zone changes its offset once in two days at most, and is never a day from UTC. */
  #offsetOfLocal(localMs: number): number {
    const before = this.at(localMs - DAY_MS);
    const after = this.at(localMs + DAY_MS);
    // The larger offset is the earlier moment.
    const first = Math.max(before, after);
    if (this.at(localMs - first) === first) return first;
    const second = Math.min(before, after);
    return this.at(localMs - second) === second ? second : SKIPPED;
  }

  #ask(epochMs: number): number {
    const [, sign, hours, minutes = "0", seconds = "0"] =
      /GMT([+-])(\d+)(?::(\d+))?(?::(\d+))?$/.exec(this.#zone.format(epochMs)) ?? [];
    if (hours === undefined) return 0;
    const offset = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    return sign === "-" ? -offset : offset;
  }
}

/** Direct-mapped: slot = hour & (SLOTS - 1); a miss overwrites. */
class HourCache {
  readonly #hours = new Int32Array(SLOTS).fill(NO_HOUR);
  readonly #values = new Int32Array(SLOTS);

  constructor(readonly load: (hour: number) => number) {}

  get(hour: number): number {
    const slot = hour & (SLOTS - 1);
    if (this.#hours[slot] !== hour) {
      // Before the hour is noted: loading may ask for hours of the same slot.
      const value = this.load(hour);
      this.#values[slot] = value;
      this.#hours[slot] = hour;
    }
    return this.#values[slot]!;
  }
}
