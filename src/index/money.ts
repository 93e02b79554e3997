/** Reads and writes money, as whole millionths. */

/** Reads a plain decimal of at most six decimals; undefined for anything else, or more than 64 bits of millionths. */
export function parseMillionths(text: string): bigint | undefined {
  const [, sign, whole, fraction = ""] = /^(-?)(\d{1,19})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const size = BigInt(whole + fraction.padEnd(6, "0"));
  const millionths = sign === "-" ? -size : size;
  return BigInt.asIntN(64, millionths) === millionths ? millionths : undefined;
}

export function formatMillionths(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, "0");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
