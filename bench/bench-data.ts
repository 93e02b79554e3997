/** The benchmark's events and images: the same at every run, and as many as a real advertiser's. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seededRandom, type Random } from "../tools/make-sample/random.js";

const PERIODS = 4;
const CAMPAIGNS = 50;
const BANNERS = 400;
/** Rows of a period. */
const IMPRESSIONS = 150_000;
const CLICKS = 50_000;
const CONVERSIONS = 6_000;

/** Ids are sparse, and all of one length, so that all pages are. */
const CAMPAIGN_DIGITS = 10;
const BANNER_DIGITS = 6;
/** The largest id is 4294967295. */
const MOST_CAMPAIGN = 4_000_000_000;

/** Some 6 kB of SVG. */
const SHAPES = 90;

/** Writes a data folder with its banners. */
export async function writeBenchData(folder: string): Promise<void> {
  const campaigns = sparseIds(CAMPAIGNS, 10 ** (CAMPAIGN_DIGITS - 1), MOST_CAMPAIGN, seededRandom("bench campaigns"));
  const banners = sparseIds(BANNERS, 10 ** (BANNER_DIGITS - 1), 10 ** BANNER_DIGITS, seededRandom("bench banners"));
  for (let period = 1; period <= PERIODS; period++) {
    const random = seededRandom(`bench events ${period}`);
    const pair = (): string => `${banners[random.below(BANNERS)]!},${campaigns[random.below(CAMPAIGNS)]!}\n`;
    const firstClick = (period - 1) * CLICKS + 1;
    const firstConversion = (period - 1) * CONVERSIONS + 1;
    const rows = (count: number, row: (number: number) => string): string =>
      Array.from({ length: count }, (_, number) => row(number)).join("");
    const files = {
      impressions: `banner_id,campaign_id\n${rows(IMPRESSIONS, pair)}`,
      clicks: `click_id,banner_id,campaign_id\n${rows(CLICKS, (number) => `${firstClick + number},${pair()}`)}`,
      conversions: `conversion_id,click_id,revenue\n${rows(
        CONVERSIONS,
        (number) => `${firstConversion + number},${firstClick + random.below(CLICKS)},${revenue(random)}\n`,
      )}`,
    };
    await mkdir(join(folder, String(period)), { recursive: true });
    for (const [kind, text] of Object.entries(files))
      await writeFile(join(folder, String(period), `${kind}_${period}.csv`), text);
  }
  await mkdir(join(folder, "banners"), { recursive: true });
  for (const banner of banners) await writeFile(join(folder, "banners", `image_${banner}.svg`), image(banner));
}

/** Ascending, and spread over all from `least` to before `limit`. */
function sparseIds(count: number, least: number, limit: number, random: Random): number[] {
  const room = Math.floor((limit - least) / count);
  return Array.from({ length: count }, (_, place) => least + place * room + random.below(room));
}

function revenue(random: Random): string {
  return `${random.below(5)}.${String(random.below(1_000_000)).padStart(6, "0")}`;
}

/** Of as many bytes as any other. */
function image(banner: number): string {
  const random = seededRandom(`bench image ${banner}`);
  const number = (): number => random.between(100, 250);
  const shape = (): string =>
    `<rect x="${number()}" y="${number()}" width="${number()}" height="${number()}" fill="#${(0x100000 + random.below(0xe00000)).toString(16)}"/>\n`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250">\n${Array.from({ length: SHAPES }, shape).join("")}</svg>\n`;
}
