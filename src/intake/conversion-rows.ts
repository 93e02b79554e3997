/** Checks conversions that come by HTTP as a build checks rows of conversions. */
import { formatMillionths } from "../index/money.js";
import { parseRevenue, revenueError } from "../index/revenue.js";
import { textIdBytes, textIdError } from "../index/text-ids.js";
import { quoted } from "../options/printable.js";
import { JsonError, JsonNumber, JsonObject, parseJson, type JsonValue } from "./json-text.js";

export interface ConversionRow {
  readonly conversionId: string;
  readonly clickId: string;
  readonly revenue: string;
}

export const CONVERSION_FIELDS = ["conversion_id", "click_id", "revenue"] as const;
export type ConversionField = (typeof CONVERSION_FIELDS)[number];

export const MAX_BATCH = 1000;
/** Of revenue; in a longer text, a search for the end of its zeros could take long. */
export const MAX_REVENUE_LENGTH = 64;

export class MalformedConversionError extends Error {
  override readonly name = "MalformedConversionError";
  /** In the batch, from 1 on; undefined where it is no batch. */
  readonly row: number | undefined;
  /** Undefined where it is about no field. */
  readonly field: ConversionField | undefined;

  constructor(reason: string, row?: number, field?: ConversionField, cause?: unknown) {
    super(row === undefined ? reason : `row ${row}: ${reason}`, { cause });
    this.row = row;
    this.field = field;
  }
}

/** A row for an object, rows for an array of them. @throws MalformedConversionError */
export function rowsOfJson(text: string): readonly ConversionRow[] {
  const value = valueOf(text);
  if (!Array.isArray(value)) return [rowOfValue(value)];
  const batch = value as readonly JsonValue[];
  if (batch.length === 0 || batch.length > MAX_BATCH)
    throw new MalformedConversionError(`a batch of ${batch.length} conversions, expected 1 to ${MAX_BATCH}`);
  return batch.map((each, at) => rowOfValue(each, at + 1));
}

/** @throws MalformedConversionError */
export function rowOfForm(text: string): ConversionRow {
  return rowOf(new URLSearchParams(text));
}

function valueOf(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new MalformedConversionError(error.message, undefined, undefined, error);
    throw error;
  }
}

function rowOfValue(value: JsonValue, row?: number): ConversionRow {
  if (value instanceof JsonObject) return rowOf(value.entries, row);
  const expected = row === undefined ? "a conversion, or an array of them" : "a conversion";
  throw new MalformedConversionError(`got ${kindOf(value)}, expected ${expected}`, row);
}

function rowOf(entries: Iterable<readonly [name: string, value: JsonValue]>, row?: number): ConversionRow {
  const fields = new GivenFields([...entries], row);
  return { conversionId: fields.id("conversion_id"), clickId: fields.id("click_id"), revenue: fields.revenue() };
}

/** Other fields are ignored, as other columns are. */
class GivenFields {
  readonly #entries: readonly (readonly [name: string, value: JsonValue])[];
  readonly #row: number | undefined;

  constructor(entries: readonly (readonly [name: string, value: JsonValue])[], row: number | undefined) {
    this.#entries = entries;
    this.#row = row;
  }

  id(field: ConversionField): string {
    const value = this.#value(field);
    const text = textOf(value);
    if (value instanceof JsonNumber && !/^-?\d+$/.test(text))
      return this.#fail(field, `${field} is ${quoted(text)}, expected a whole number, or a text in quotes`);
    return textIdBytes(text) === undefined ? this.#fail(field, textIdError(field, text)) : text;
  }

  /** With six decimals. */
  revenue(): string {
    const text = textOf(this.#value("revenue"));
    if (text.length > MAX_REVENUE_LENGTH)
      return this.#fail("revenue", `revenue has ${text.length} characters, expected at most ${MAX_REVENUE_LENGTH}`);
    const millionths = parseRevenue(text, ",");
    return millionths === undefined ? this.#fail("revenue", revenueError(text, false)) : formatMillionths(millionths);
  }

  #value(field: ConversionField): string | JsonNumber {
    const values = this.#entries.filter(([name]) => name === field).map(([, value]) => value);
    const [value] = values;
    if (value === undefined) return this.#fail(field, `${field} is missing`);
    if (values.length > 1) return this.#fail(field, `${field} is there ${values.length} times`);
    if (typeof value === "string" || value instanceof JsonNumber) return value;
    return this.#fail(field, `${field} is ${kindOf(value)}, expected a text or a number`);
  }

  #fail(field: ConversionField, reason: string): never {
    throw new MalformedConversionError(reason, this.#row, field);
  }
}

function kindOf(value: JsonValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (value instanceof JsonObject) return "an object";
  if (value instanceof JsonNumber) return "a number";
  return typeof value === "string" ? "a text" : "an array";
}

function textOf(value: string | JsonNumber): string {
  return withoutBlanks(typeof value === "string" ? value : value.text);
}

/** Those round a value do not matter in a build either. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === " " || text[at] === "\t";
  let start = 0;
  let end = text.length;
  while (isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}
