const LARGEST_ID = 4294967295n;
const LARGEST_REVENUE = 2n ** 63n - 1n;
const SMALLEST_REVENUE = -(2n ** 63n);

/** A whole decimal number from 1 to 4294967295, written in digits only and without leading zeros. */
export function isId(text: string): boolean {
  return /^[1-9][0-9]*$/.test(text) && BigInt(text) <= LARGEST_ID;
}

/** What a click or a conversion may be named: two are one only if all of the text is the same. */
export function isKey(text: string): boolean {
  return text !== "" && Buffer.byteLength(text) <= 128 && !/[\p{Cc}\uFFFD]/u.test(text);
}

/** Millionths, or undefined where the text is not a plain decimal or does not fit in 64 bits. */
export function parseRevenue(text: string): bigint | undefined {
  const [isPlain, sign, whole, fraction = ""] = /^([-+]?)([0-9]*)(?:\.([0-9]{0,6})0*)?$/.exec(text) ?? [];
  if (isPlain === undefined || `${whole!}${fraction}` === "") return undefined;
  const size = BigInt(`${whole!}${fraction.padEnd(6, "0")}`);
  const millionths = sign === "-" ? -size : size;
  return millionths < SMALLEST_REVENUE || millionths > LARGEST_REVENUE ? undefined : millionths;
}

/** Milliseconds since 1970, or undefined: a date of UTC, or a time with its offset. */
export function parseInstant(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  const isDate = Number(day) <= new Date(Date.UTC(year!, month, 0)).getUTCDate();
  return isDate && month! <= 12 ? Date.parse(text) : undefined;
}

/** Always six decimals: 1500000n is "1.500000". */
export function formatRevenue(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, "0");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
