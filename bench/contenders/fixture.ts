/** Makes what all contenders serve, the same at every run: as many events and images as a real advertiser's. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../../build/stages.js";
import { INDEX_FILE } from "../../build/write/publish.js";
import { loadIndex } from "../../src/index/load.js";
import { seededRandom, type Random } from "../../tools/make-sample/random.js";
import { Pages, type PageShape } from "./page.js";

export interface FixtureFiles {
  readonly folder: string;
  readonly data: string;
  readonly index: string;
}

export interface Fixture extends FixtureFiles {
  readonly page: PageShape;
}

const PERIODS = 4;
const CAMPAIGNS = 50;
const BANNERS = 400;
const IMPRESSIONS = 150_000;
const CLICKS = 50_000;
const CONVERSIONS = 6_000;
const SHAPES = 90;

export async function makeFixture(folder: string): Promise<Fixture> {
  const data = join(folder, "data");
  const out = join(folder, "index");
  await writeData(data);
  await build({ data, banners: join(data, "banners"), out, onBadRow: "stop" });
  const index = join(out, INDEX_FILE);
  return { folder, data, index, page: new Pages(await loadIndex(index)).page() };
}

async function writeData(folder: string): Promise<void> {
  // Ids of one length, so that all pages have the same length.
  const campaigns = sparseIds(CAMPAIGNS, 1_000_000_000, 4_000_000_000, seededRandom("bench campaigns"));
  const banners = sparseIds(BANNERS, 100_000, 1_000_000, seededRandom("bench banners"));
  for (let period = 1; period <= PERIODS; period++) {
    const random = seededRandom(`bench events ${period}`);
    const pair = (): string => `${banners[random.below(BANNERS)]!},${campaigns[random.below(CAMPAIGNS)]!}\n`;
    const firstClick = (period - 1) * CLICKS + 1;
    const firstConversion = (period - 1) * CONVERSIONS + 1;
    const rows = (count: number, row: (number: number) => string): string =>
      Array.from({ length: count }, (_, number) => row(number)).join("");
    const revenue = (): string => `${random.below(5)}.${String(random.below(1_000_000)).padStart(6, "0")}`;
    const conversion = (number: number): string =>
      `${firstConversion + number},${firstClick + random.below(CLICKS)},${revenue()}\n`;
    const files = {
      impressions: `banner_id,campaign_id\n${rows(IMPRESSIONS, pair)}`,
      clicks: `click_id,banner_id,campaign_id\n${rows(CLICKS, (number) => `${firstClick + number},${pair()}`)}`,
      conversions: `conversion_id,click_id,revenue\n${rows(CONVERSIONS, conversion)}`,
    };
    await mkdir(join(folder, String(period)), { recursive: true });
    for (const [kind, text] of Object.entries(files))
      await writeFile(join(folder, String(period), `${kind}_${period}.csv`), text);
  }
  await mkdir(join(folder, "banners"), { recursive: true });
  for (const banner of banners) await writeFile(join(folder, "banners", `image_${banner}.svg`), image(banner));
}

function sparseIds(count: number, least: number, limit: number, random: Random): number[] {
  const room = Math.floor((limit - least) / count);
  return Array.from({ length: count }, (_, at) => least + at * room + random.below(room));
}

function image(banner: number): string {
  const random = seededRandom(`bench image ${banner}`);
  const number = (): number => random.between(100, 250);
  const color = (): string => (0x100000 + random.below(0xe00000)).toString(16);
  const shape = (): string =>
    `<rect x="${number()}" y="${number()}" width="${number()}" height="${number()}" fill="#${color()}"/>\n`;
  const shapes = Array.from({ length: SHAPES }, shape).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250">\n${shapes}</svg>\n`;
}
