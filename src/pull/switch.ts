/** Writes and reads the moment from which replicas serve an index, in a file beside it. */
import { DIGEST, objectIn } from "./beside-index.js";

export const SWITCH_SUFFIX = ".switch";

/** Several times what is ever written. */
export const MAX_SWITCH_BYTES = 1024;

export interface Switch {
  /** The whole checksum of the index that it is for, in hexadecimal digits. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** RFC 3339 in UTC, as `Date.toISOString` writes it; the milliseconds may be left out. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

export function switchText({ digest, at }: Switch): string {
  return `${JSON.stringify({ digest, at: new Date(at).toISOString() })}\n`;
}

/** @throws Error of one line, without the file's name */
export function parseSwitch(text: string): Switch {
  if (text.length > MAX_SWITCH_BYTES) throw new Error(`it is no switch: it is longer than ${MAX_SWITCH_BYTES} bytes`);
  const fields = objectIn(text);
  if (fields === undefined) throw new Error("it is no switch: it is not an object of JSON");
  const { digest, at } = fields;
  if (typeof digest !== "string" || !DIGEST.test(digest))
    throw new Error("its digest is not 64 hexadecimal digits in small letters");
  const moment = typeof at === "string" && INSTANT.test(at) ? Date.parse(at) : NaN;
  // A day that is none, such as the 31st of February, is read as one of the next month.
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 19) !== (at as string).slice(0, 19))
    throw new Error("its moment is not one of UTC such as 2026-11-29T16:45:00.000Z");
  return { digest, at: moment };
}
