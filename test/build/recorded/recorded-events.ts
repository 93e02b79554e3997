/** Makes folders such as servers record in: the same events in one, or shared out over several. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../src/seeded-random.js";

type Kind = "impressions" | "clicks" | "conversions";

interface Recorded {
  readonly kind: Kind;
  /** Milliseconds since 1970. */
  readonly moment: number;
  /** Without the timestamp. */
  readonly row: string;
}

const HEADERS: Readonly<Record<Kind, string>> = {
  impressions: "timestamp,campaign_id,banner_id,count,file",
  clicks: "timestamp,click_id,campaign_id,banner_id",
  conversions: "timestamp,conversion_id,click_id,revenue",
};

const HOUR_MS = 3_600_000;
const CAMPAIGNS = 3;
const BANNERS = 14;

/** Of so many visits from a moment on; some click, and some of those buy, at once or hours later. */
export function recordedEvents(start: string, hours: number, visits: number, seed = 1): Recorded[] {
  const random = seededRandom(seed);
  const begin = Date.parse(start);
  const hex = (): string =>
    Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, "0");
  return Array.from({ length: visits }, (_, at): Recorded[] => {
    const moment = begin + Math.floor(random() * hours * 3600) * 1000;
    const campaign = 1 + Math.floor(random() * CAMPAIGNS);
    const banner = 100 * campaign + Math.floor(random() * BANNERS);
    const events: Recorded[] = [{ kind: "impressions", moment, row: `${campaign},${banner},${1 + (at % 3)}` }];
    if (random() > 0.3) return events;
    const click = `${hex()}${hex()}${hex()}${hex()}`;
    events.push({ kind: "clicks", moment, row: `${click},${campaign},${banner}` });
    if (random() > 0.5) return events;
    const bought = moment + Math.floor(random() * 5 * HOUR_MS);
    events.push({ kind: "conversions", moment: bought, row: `order-${at},${click},${(random() * 20).toFixed(2)}` });
    return events;
  }).flat();
}

/** One file a kind and hour, in the form that the recorder writes. */
export function recordIn(folder: string, server: string, events: readonly Recorded[]): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "server"), `${server}\n`);
  const files = new Map<string, Recorded[]>();
  for (const event of events) {
    const name = `${event.kind}-${server}-${compactTime(event.moment)}-1.csv`;
    files.set(name, [...(files.get(name) ?? []), event]);
  }
  for (const [name, rows] of files) {
    const { kind } = rows[0]!;
    const lines = rows.map(({ moment, row }, at) => {
      const file = kind === "impressions" ? `,${at === 0 ? name : ""}` : "";
      return `${new Date(moment).toISOString().slice(0, 19)}Z,${row}${file}\n`;
    });
    writeFileSync(join(folder, name), `${HEADERS[kind]}\n${lines.join("")}`);
  }
  // As the recorder has it while it writes: no build may read it.
  writeFileSync(join(folder, `open-impressions-${server}-29991231T000000Z-1.csv`), `${HEADERS.impressions}\n2999`);
  return folder;
}

/** The folders of so many servers, of which each has its share of the visitors' events. */
export function recordShared(folder: string, servers: number, events: readonly Recorded[]): string[] {
  return Array.from({ length: servers }, (_, server) =>
    recordIn(
      join(folder, `record ${server + 1}`),
      String(server + 1).repeat(16),
      events.filter((_, at) => at % servers === server),
    ),
  );
}

function compactTime(moment: number): string {
  return new Date(Math.floor(moment / HOUR_MS) * HOUR_MS).toISOString().replace(/[-:]|\.\d+/g, "");
}
