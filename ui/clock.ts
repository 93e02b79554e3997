/** Writes durations and times as text for people. */

/** In its two greatest units. */
export function durationText(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const parts = Object.entries({ d: s / 86_400, h: (s / 3600) % 24, min: (s / 60) % 60, s: s % 60 });
  const first = parts.findIndex(([, amount]) => amount >= 1);
  const known = parts.slice(first, first + 2).filter(([, amount]) => amount >= 1);
  return known.map(([unit, amount]) => `${Math.floor(amount)} ${unit}`).join(" ") || "0 s";
}

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
