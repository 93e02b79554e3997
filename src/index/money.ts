/** Writes and reads money, which is whole millionths. */

/** Of a decimal with six places. */
export const millionthsOf = (decimal: string): bigint => BigInt(decimal.replace(".", ""));

export function formatMillionths(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, "0");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
