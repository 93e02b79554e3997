/** Writes times as text for people. */

export const timeText = (epochMs: number, timeZone: string): string =>
  new Date(epochMs).toLocaleTimeString("en-GB", { timeZone });

/** With the day where that is not the day of `now`. */
export function momentText(epochMs: number, now: number, timeZone: string): string {
  const [day, today] = [epochMs, now].map((moment) =>
    new Date(moment).toLocaleDateString("en-GB", { timeZone, day: "numeric", month: "short" }),
  );
  const time = timeText(epochMs, timeZone);
  return day === today ? time : `${day!}, ${time}`;
}
