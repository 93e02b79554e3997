/** Reads the values of settings, given as text in the environment or behind an option, and says what is allowed. */
import { realpathSync } from "node:fs";
import { canonicalZone } from "./time-zone.js";

export interface ValueKind<Value> {
  readonly placeholder: string;
  /** Completes "expected ...". */
  readonly allowed: string;
  /** Returns undefined where the text is not allowed. */
  readonly parse: (text: string) => Value | undefined;
}

export function text(placeholder: string, allowed: string): ValueKind<string> {
  return { placeholder, allowed, parse: (value) => value };
}

export const FILE = text("FILE", "a path");
export const FOLDER = text("DIR", "a path");

export function wholeNumber(min: number, max: number): ValueKind<number> {
  return {
    placeholder: "N",
    allowed: `a whole number from ${min} to ${max}`,
    parse: (value) =>
      /^\d{1,16}$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined,
  };
}

/** Its decimals are few, so that shares are compared exactly. */
export const PERCENT: ValueKind<number> = {
  placeholder: "PERCENT",
  allowed: "a number from 0 to 100 with at most three decimals",
  parse: (value) => (/^\d{1,3}(\.\d{1,3})?$/.test(value) && Number(value) <= 100 ? Number(value) : undefined),
};

/** Its decimals are few, so that people can read it where it is shown. */
export const SHARE: ValueKind<number> = {
  placeholder: "SHARE",
  allowed: "a number from 0 to below 1 with at most four decimals",
  parse: (value) => (/^0?\.\d{1,4}$|^0$/.test(value) ? Number(value) : undefined),
};

export function orNone<Value>(kind: ValueKind<Value>): ValueKind<Value | ""> {
  return { ...kind, parse: (value) => (value === "" ? value : kind.parse(value)) };
}

export function oneOf<Value>(values: Readonly<Record<string, Value>>): ValueKind<Value> {
  const words = Object.keys(values);
  return {
    placeholder: words.join("|"),
    allowed: `one of ${words.join(", ")}`,
    parse: (value) => (Object.hasOwn(values, value) ? values[value] : undefined),
  };
}

export function oneWordOf<Word extends string>(words: readonly Word[]): ValueKind<Word> {
  return oneOf(Object.fromEntries(words.map((word) => [word, word])) as Record<string, Word>);
}

/** Returns them in the order of `words`, each once. */
export function someOf<Word extends string>(words: readonly Word[]): ValueKind<readonly Word[]> {
  return {
    placeholder: "NAMES",
    allowed: `some of ${words.join(", ")}, with commas between them`,
    parse: (value) => {
      const given = value.split(",");
      if (given.some((word) => !(words as readonly string[]).includes(word))) return undefined;
      return words.filter((word) => given.includes(word));
    },
  };
}

export const CURRENCY: ValueKind<string> = {
  placeholder: "CODE",
  allowed: "a currency's code of ISO 4217 such as EUR",
  parse: (code) => Intl.supportedValuesOf("currency").find((known) => known === code.toUpperCase()),
};

export const TIME_ZONE: ValueKind<string> = {
  placeholder: "ZONE",
  allowed: "an IANA time zone such as Europe/Berlin",
  parse: canonicalZone,
};

/** Hours alone, without daylight saving: `UTC+5` is five hours behind UTC, as `Etc/GMT+5` is. */
const FIXED_HOURS = /^[A-Za-z]{3,}([+-]?)0?(\d{1,2})(?::?00)*$/;

/** undefined where it has no name. Node.js silently takes a TZ that it cannot name for UTC, so it gets names only. */
export function machineTimeZone(tz: string | undefined): string | undefined {
  if (tz === undefined) return TIME_ZONE.parse(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const name = tz.replace(/^:/, "");
  // As the C library has it.
  if (name === "") return "UTC";
  const [, sign, hours] = FIXED_HOURS.exec(name) ?? [];
  if (hours !== undefined && TIME_ZONE.parse(name) === undefined)
    return TIME_ZONE.parse(Number(hours) === 0 ? "UTC" : `Etc/GMT${sign === "-" ? "-" : "+"}${Number(hours)}`);
  return TIME_ZONE.parse(name.startsWith("/") ? zoneOfFile(name) : name);
}

/** The name of a file below `zoneinfo`, or of the one that a link such as /etc/localtime leads to; "" for others. */
function zoneOfFile(file: string): string {
  try {
    return /\/zoneinfo\/(?:posix\/)?(.+)$/.exec(realpathSync(file))?.[1] ?? "";
  } catch {
    return "";
  }
}
