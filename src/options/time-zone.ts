/** Knows time zones by the names that the platform has for them. It runs in browsers too. */

/** The one name of a zone that may have several; undefined where the platform does not know it. */
export function canonicalZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    // The constructor's RangeError is how the platform says that it does not know a zone.
    return undefined;
  }
}
