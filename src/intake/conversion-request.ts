/** Reads the conversions in a request: what the headers promise, then the body. */
import type { IncomingMessage } from "node:http";
import { MalformedConversionError, rowOfForm, rowsOfJson, type ConversionRow } from "./conversion-rows.js";

/** 1 MB. */
export const MAX_BODY = 1_000_000;

export const CONVERSION_TYPES = ["application/json", "application/x-www-form-urlencoded"] as const;
type ConversionType = (typeof CONVERSION_TYPES)[number];

export interface RequestRefusal {
  readonly status: 411 | 413 | 415;
  readonly reason: string;
}

export interface ConversionRequest {
  readonly type: ConversionType;
  /** Of its body, in bytes. */
  readonly length: number;
}

export function conversionRequest({ headers }: IncomingMessage): ConversionRequest | RequestRefusal {
  const type = typeIn(headers["content-type"] ?? "");
  if (type === undefined)
    return { status: 415, reason: `expected Content-Type ${CONVERSION_TYPES.join(" or ")}, in UTF-8` };
  if ((headers["content-encoding"] ?? "identity") !== "identity")
    return { status: 415, reason: "the body is compressed, expected it as it is, without Content-Encoding" };
  if (headers["content-length"] === undefined) return { status: 411, reason: "expected Content-Length" };
  const length = Number(headers["content-length"]);
  if (length > MAX_BODY) return { status: 413, reason: `the body has ${length} bytes, expected at most ${MAX_BODY}` };
  return { type, length };
}

/** @throws MalformedConversionError, and the error of a connection that ends before the body does */
export async function readConversions(
  message: IncomingMessage,
  { type }: ConversionRequest,
): Promise<readonly ConversionRow[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = textOf(Buffer.concat(chunks));
  return type === "application/json" ? rowsOfJson(text) : [rowOfForm(text)];
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new MalformedConversionError("the body is no UTF-8", undefined, undefined, error);
  }
}

function typeIn(header: string): ConversionType | undefined {
  const [name = "", ...parameters] = header.toLowerCase().split(";");
  const type = CONVERSION_TYPES.find((known) => known === name.trim());
  // Of JSON and forms there are no others that mean anything.
  const charsets = parameters.flatMap((parameter) => /^\s*charset\s*=\s*"?([^"]*)"?\s*$/.exec(parameter)?.[1] ?? []);
  return charsets.every((charset) => ["utf-8", "utf8", "us-ascii"].includes(charset.trim())) ? type : undefined;
}
