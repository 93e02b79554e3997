/** Reads revenue: a plain decimal, exact in millionths. */
import { quoted } from "../options/printable.js";

const PLAIN = /^([+-]?)(?=[.,]?\d)0*(\d*)(?:([.,])(\d*?)0*)?$/;
const MAX_DECIMALS = 6;

/** Millionths; undefined for what is no plain decimal, or more than 64 bits. */
export function parseRevenue(text: string, delimiter: string): bigint | undefined {
  const millionths = parseMillionths(text, delimiter);
  return millionths === undefined || BigInt.asIntN(64, millionths) !== millionths ? undefined : millionths;
}

/** Of a sum, which may exceed 64 bits. A decimal comma is none between commas. */
export function parseMillionths(text: string, delimiter: string): bigint | undefined {
  const [isPlain, sign, whole = "", mark, fraction = ""] = PLAIN.exec(text) ?? [];
  if (isPlain === undefined || (mark === "," && delimiter === ",")) return undefined;
  if (fraction.length > MAX_DECIMALS || whole.length > 19) return undefined;
  const size = BigInt(whole + fraction.padEnd(MAX_DECIMALS, "0"));
  return sign === "-" ? -size : size;
}

const DECIMAL_POINT = "write it with a decimal point";

const REMEDIES: readonly (readonly [form: RegExp, remedy: string])[] = [
  [/^$/, "write 0 where there is none"],
  [/\d[eE][+-]?\d/, "write it without an exponent"],
  [/^[+-]?\d{1,3}([.,'’_\s]\d{3})+([.,]\d*)?$/, "write it without separators of thousands"],
  [/^[+-]?\d*,\d*$/, DECIMAL_POINT],
  [/\p{Sc}|^\s*[A-Z]{3}\b|\b[A-Z]{3}\s*$/u, "write the number alone, without a currency"],
  [/^[+-]?\d*[.,]\d{7,}$/, "round it to six decimals"],
  [/^[+-]?\d{13,}/, "give revenue in a larger unit"],
];

/** `isColumn` where there are delimiters, of which a comma may be one. */
export function revenueError(text: string, isColumn = true): string {
  const remedy = REMEDIES.find(([form]) => form.test(text))?.[1];
  const expected = `revenue is ${quoted(text)}, expected a decimal number of at most six decimals`;
  if (remedy === undefined) return expected;
  const other = isColumn && remedy === DECIMAL_POINT ? ", or separate the columns by semicolons" : "";
  return `${expected}: ${remedy}${other}`;
}
