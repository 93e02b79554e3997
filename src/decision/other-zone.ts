/** Tells where an index was cut into periods by the minutes of another time zone than the server's. */
import { printable } from "../options/printable.js";
import { TIME_ZONE } from "../options/values.js";

/** Undefined where both are one, by whichever name, or where the index does not say. */
export function otherZone(ofIndex: string | undefined, ofServer: string): string | undefined {
  if (ofIndex === undefined || (TIME_ZONE.parse(ofIndex) ?? ofIndex) === ofServer) return undefined;
  const zone = printable(ofIndex);
  return (
    `the index was cut into periods in ${zone}, and this server's TIME_ZONE is ${ofServer}: ` +
    `set TIME_ZONE to ${zone}, or build with --time-zone ${ofServer}`
  );
}
