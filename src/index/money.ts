/** Money: a decimal as text to whole millionths and back, exactly. */

/** A plain decimal of at most six decimals in millionths; undefined where the text is none, or needs more than 64 bits. */
export function parseMillionths(text: string): bigint | undefined {
  const [, sign, whole, fraction = ""] = /^(-?)(\d{1,19})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const size = BigInt(whole + fraction.padEnd(6, "0"));
  const millionths = sign === "-" ? -size : size;
  return BigInt.asIntN(64, millionths) === millionths ? millionths : undefined;
}

/** Always with six decimals. */
export function formatMillionths(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, "0");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
