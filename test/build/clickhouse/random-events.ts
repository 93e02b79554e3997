/** Events full of what a build has to tell apart, in the order in which ClickHouse counts them. */
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../src/seeded-random.js";

type Row = readonly (string | number)[];

export interface RandomEvents {
  readonly impressions: readonly Row[];
  readonly clicks: readonly Row[];
  readonly conversions: readonly Row[];
}

export const COLUMNS = {
  impressions: "timestamp,campaign_id,banner_id,count",
  clicks: "timestamp,click_id,campaign_id,banner_id",
  conversions: "timestamp,conversion_id,click_id,revenue",
} as const;

export const KINDS = ["impressions", "clicks", "conversions"] as const;

/** Numbers, texts that look like other numbers, and others. */
function idOf(number: number): string {
  const forms = [String(number), `0${number}`, `3f2b8c1e-0000-4000-8000-${String(number).padStart(12, "0")}`];
  return [...forms, `gclid ${number}`, `é${number}`][number % 5]!;
}

/** @param from the begin of the window, which lasts two days; a third of the events lie outside of it */
export function randomEvents(seed: number, from: number, malformed: boolean): RandomEvents {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  // Few moments, so that rows of one id meet in one.
  const moment = (): number => from + (below(45) - 8) * 5_783_000 + below(3) * 200;
  const pair = (): [number, number] => [1 + below(6), 1 + below(25)];
  const clickCount = 500;
  const impressions = Array.from({ length: 3000 }, (): Row => [moment(), ...pair(), 1 + below(3)]);
  const clicks: Row[] = [];
  for (let at = 0; at < 900; at++) {
    const [time, id, ...content] = clicks[below(clicks.length)] ?? [moment(), idOf(1), ...pair()];
    const kind = random();
    // The same content again, at the same time or at another; and another one at the same time, or just after.
    if (kind < 0.1) clicks.push([time!, id!, ...content]);
    else if (kind < 0.2) clicks.push([moment(), id!, ...content]);
    else if (kind < 0.3) clicks.push([Number(time) + below(2) * 200, id!, ...pair()]);
    else clicks.push([moment(), idOf(1 + below(clickCount)), ...pair()]);
  }
  const clickOf = (): string => idOf(1 + below(clickCount + 60));
  const revenueOf = (): string => ((below(40_000_000) - 8_000_000) / 1_000_000).toFixed(6);
  const conversions: Row[] = [];
  for (let at = 0; at < 400; at++) {
    const [time, id, ...content] = conversions[below(conversions.length)] ?? [moment(), idOf(1), idOf(1), "1.5"];
    const kind = random();
    if (kind < 0.2) conversions.push([moment(), id!, ...content]);
    else if (kind < 0.3) conversions.push([time!, id!, clickOf(), revenueOf()]);
    else if (kind < 0.35) conversions.push([time!, id!, content[0]!, revenueOf()]);
    else conversions.push([moment(), idOf(1 + below(250)), clickOf(), revenueOf()]);
  }
  if (malformed) {
    impressions.push([moment(), 0, 1, 1], [moment(), 1, 0, 1], [moment(), 1, 1, 0], [99_999_999_999, 1, 1, 1]);
    clicks.push(
      [moment(), "", 1, 1],
      [moment(), "x".repeat(129), 1, 1],
      [moment(), "a\u0085b", 1, 1],
      [moment(), "c", 0, 1],
    );
    conversions.push([moment(), "", idOf(1), "1.5"], [moment(), "d", "", "1.5"], [moment(), "e\u007f", idOf(2), "1.5"]);
  }
  return {
    impressions: impressions.sort(order),
    clicks: clicks.sort(([a, , ...x], [b, , ...y]) => order([a!, ...x], [b!, ...y])),
    conversions: conversions.sort(([a, , ...x], [b, , ...y]) =>
      order([a!, x[0]!, Number(x[1])], [b!, y[0]!, Number(y[1])]),
    ),
  };
}

/** Column by column: numbers by size, texts by their bytes. */
function order(a: Row, b: Row): number {
  for (const [at, one] of a.entries()) {
    const other = b[at]!;
    const difference =
      typeof one === "number" ? one - Number(other) : Buffer.compare(Buffer.from(one), Buffer.from(String(other)));
    if (difference !== 0) return difference;
  }
  return 0;
}

export function shuffled(rows: readonly Row[], seed: number): Row[] {
  const random = seededRandom(seed);
  const keyed = rows.map((row) => [random(), row] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** As event files of a data folder. */
export function writeEvents(events: RandomEvents, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const kind of KINDS) {
    const lines = [COLUMNS[kind], ...events[kind].map((row) => row.join(","))];
    writeFileSync(join(folder, `${kind}.csv`), `${lines.join("\n")}\n`);
  }
}
