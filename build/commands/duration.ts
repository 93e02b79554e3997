/** Reads a length of time as people write it. */
import type { ValueKind } from "../../src/options/values.js";

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds. */
export const DURATION: ValueKind<number> = {
  placeholder: "TIME",
  allowed: "a length of time such as 30s, 15m, 1h or 7d",
  parse: (text) => {
    const [, number, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
    return number === undefined ? undefined : Number(number) * UNITS_MS[unit!]!;
  },
};
