/** Makes the largest data that people may look at, an index and a report of it, and keeps the rows they came from. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RefusedError } from "../../build/report/refused.js";
import { build } from "../../build/stages.js";
import { clicksCsv, conversionsCsv, impressionsCsv, statisticsCsv } from "../build/data-folder.js";
import { seededRandom } from "../src/seeded-random.js";

export const PERIODS = 4;
const CAMPAIGNS = 2000;

/** All ids have ten digits but for that of the campaign of ids with one. */
const campaignId = (at: number): number => (at === 5 ? 7 : 4_000_000_000 + 9973 * at);
const bannerId = (at: number): number => 3_000_000_000 + 7919 * at;

/** Each is the only one of its kind. */
export const LARGE = campaignId(0);
/** In each period, a collection of another rule. */
export const EACH_RULE = campaignId(1);
/** Shows its default banner in all periods. */
export const DEFAULT = campaignId(2);
/** In the second period alone. */
export const ONE_PERIOD = campaignId(3);
/** As long as a name may be, without a blank. */
export const LONG_WORD = campaignId(4);
export const ONE_DIGIT = campaignId(5);
const ENDLESS_HOST = `${"wide-".repeat(11)}wide.${"example-".repeat(6)}site.example`;
const HELD_BACK = bannerId(2999);

const of = (text: string, length: number): string => text.repeat(length).slice(0, length).trim();

/** Of 200 characters, or with what pages and spreadsheets might run. */
const TEXTS = [
  of("Summer sale with free returns until the end of the month ", 200),
  of("تخفيضات الصيف مع شحن مجاني حتى نهاية الشهر ", 200),
  of("夏季大减价全场免运费直到本月底", 200),
  of("Donaudampfschifffahrtsgesellschaft", 200),
  "<script>alert(1)</script><img src=x onerror=alert(2)>",
  '=HYPERLINK("https://evil.example/","click")',
  "+1+cmd|' /C calc'!A0",
  'Größe, "zählt"; &amp; </script>',
  "@SUM(A1:A9)",
  "-2+3",
  "Sale",
];
const textOf = (at: number): string => TEXTS[at % TEXTS.length]!;

export interface Row {
  readonly period: number;
  readonly campaign: number;
  readonly banner: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  /** Millionths. */
  readonly revenue: bigint;
}

export interface LargestData {
  /** What the build published: index.bin, index.previous.bin, report.html. */
  readonly out: string;
  /** The page of a build that was refused, with rejected rows. */
  readonly refusedReport: string;
  /** What counts. */
  readonly rows: readonly Row[];
  readonly names: ReadonlyMap<number, string>;
  readonly texts: ReadonlyMap<number, { readonly alt: string; readonly link: string }>;
  readonly defaults: ReadonlyMap<number, number>;
}

/** Numbers of banners that convert, that are clicked, and that are only seen: for each rule, and for a pool. */
const CASTS = [
  [12, 2, 1],
  [6, 1, 1],
  [2, 1, 5],
  [0, 2, 6],
] as const;

function castOf(campaign: number, period: number): readonly number[] {
  if (campaign === LARGE) return period === 2 ? [420, 60, 20] : [14, 0, 0];
  if (campaign === EACH_RULE) return CASTS[period - 1]!;
  if (campaign === DEFAULT || (campaign === ONE_PERIOD && period !== 2) || (campaign + period) % 7 === 0) return [];
  return CASTS[(campaign + period) % CASTS.length]!;
}

function makeRows(): Row[] {
  const random = seededRandom(18);
  const below = (most: number): number => Math.floor(random() * most);
  const rows: Row[] = [];
  for (let at = 0; at < CAMPAIGNS; at++)
    for (let period = 1; period <= PERIODS; period++) {
      const campaign = campaignId(at);
      const [converting = 0, clicked = 0, seen = 0] = castOf(campaign, period);
      // Some earn millions, some little, and refunds take some below zero.
      const isRefunded = at % 40 === 7;
      const most = at % 5 === 0 ? 9_999_999_999_999 : 99_999_999;
      for (let place = 0; place < converting + clicked + seen; place++) {
        const clicks = place < converting + clicked ? 1 + below(at % 3 === 0 ? 90_000_000 : 60) : 0;
        const conversions = place < converting ? 1 + below(Math.min(clicks, 100_000)) : 0;
        const sign = isRefunded || place % 9 === 4 ? -1 : 1;
        rows.push({
          period,
          campaign,
          banner: bannerId((at * 7 + place) % 2990),
          impressions: clicks + 1 + below(4_000_000_000 - clicks),
          clicks,
          conversions,
          revenue: conversions === 0 ? 0n : BigInt(sign * (1 + below(most))),
        });
      }
    }
  return rows;
}

/** Other winners, other rules, other revenue, campaigns that come and go. */
function before(rows: readonly Row[]): Row[] {
  return rows.map((row) => {
    if (row.campaign % 11 === 0 && row.period === 1) return { ...row, revenue: -row.revenue };
    if (row.campaign % 13 === 0 && row.period === 3) return { ...row, conversions: 0, revenue: 0n };
    if (row.campaign % 101 === 0) return { ...row, campaign: row.campaign - 1 };
    return row;
  });
}

export const decimalOf = (millionths: bigint): string => {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, "0");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
};

const csv = (...lines: readonly (readonly (string | number)[])[]): string =>
  lines.map((fields) => `${fields.map((field) => `"${String(field).replaceAll('"', '""')}"`).join(",")}\n`).join("");

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function writeData(folder: string, rows: readonly Row[], more: Readonly<Record<string, string>>): void {
  for (let period = 1; period <= PERIODS; period++) {
    const ofPeriod = rows
      .filter((row) => row.period === period)
      .map((row) =>
        [row.campaign, row.banner, row.impressions, row.clicks, row.conversions, decimalOf(row.revenue)].join(","),
      );
    write(folder, { [`${period}/statistics_1.csv`]: statisticsCsv(...ofPeriod) });
  }
  write(folder, more);
}

const SIZES = ["728x90", "160x600", "300x250", "970x250", "320x50", "88x31"];

function image(size: string): string {
  const [width, height] = size.split("x");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width!}" height="${height!}"><path fill="#468" d="M0 0h9999v9999z"/></svg>`;
}

/** A day on which much is wrong. */
const BAD_DAY = {
  "1/impressions_1.csv": impressionsCsv(
    ...Array.from({ length: 50 }, (_, at) => `${bannerId(at % 5)},${LARGE}`),
    "x,y",
  ),
  "1/clicks_1.csv": clicksCsv(`1,${bannerId(0)},${LARGE}`, `1,${bannerId(0)},${LARGE}`, `1,${bannerId(1)},${LARGE}`),
  "1/clicks_copy.csv": clicksCsv(`1,${bannerId(0)},${LARGE}`, `1,${bannerId(0)},${LARGE}`, `1,${bannerId(1)},${LARGE}`),
  "1/conversions_1.csv": conversionsCsv("1,1,12.345678", "2,999,1", "3,1,a lot"),
  [`1/${"a-file-that-nobody-reads-".repeat(6)}.txt`]: "",
  "1/impressions_<b>.csv": `banner_id,campaign_id,${"colour".repeat(20)}\n${bannerId(1)},${LARGE},red\n`,
  ...Object.fromEntries([2, 3, 4].map((period) => [`${period}/impressions_1.csv`, impressionsCsv(`1,${period}`)])),
};

/** @param folder an empty one */
export async function makeLargestData(folder: string): Promise<LargestData> {
  const all = makeRows();
  const rows = all.filter(({ banner }) => banner !== HELD_BACK);
  const names = new Map<number, string>();
  for (let at = 0; at < CAMPAIGNS; at++) if (at % 12 !== 11) names.set(campaignId(at), textOf(at));
  names.set(LONG_WORD, of("x", 200));
  const defaults = new Map([
    [DEFAULT, bannerId(2991)],
    [ONE_PERIOD, bannerId(2992)],
  ]);
  const texts = new Map<number, { alt: string; link: string }>();
  for (let at = 0; at < 2993; at++) {
    const host = at % 50 === 9 ? ENDLESS_HOST : `shop-${at % 40}.example`;
    const alt = at % 9 === 8 ? "" : textOf(at);
    const link = at % 10 === 7 ? "" : `https://${host}/offers/${"long/".repeat(at % 30)}?banner=${at}`;
    if (at < 2990 || at > 2990) texts.set(bannerId(at), { alt, link });
  }
  const campaigns = [...new Set([...names.keys(), ...defaults.keys()])];
  const more = {
    "campaigns.csv": csv(
      ["campaign_id", "name", "default_banner"],
      ...campaigns.map((id) => [id, names.get(id) ?? "", defaults.get(id) ?? ""]),
    ),
    "banners/banners.csv": csv(
      ["banner_id", "alt", "link", "status"],
      ...[...texts].map(([id, { alt, link }]) => [id, alt, link, "on"]),
    ),
    ...Object.fromEntries(SIZES.map((size, at) => [`banners/image_${bannerId(at)}.svg`, image(size)])),
  };
  const out = join(folder, "index");
  const refused = join(folder, "refused");
  const built = async (name: string, into: string): Promise<void> => {
    await build({
      data: join(folder, name),
      banners: join(folder, "data/banners"),
      out: into,
      onBadRow: "reject",
      workers: 1,
      accept: name === "bad" ? [] : ["all"],
    });
  };
  writeData(join(folder, "before"), before(rows), {});
  writeData(join(folder, "data"), rows, more);
  await built("before", out);
  cpSync(out, refused, { recursive: true });
  await built("data", out);
  write(join(folder, "bad"), BAD_DAY);
  await built("bad", refused).catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
  });
  return { out, refusedReport: join(refused, "report.refused.html"), rows, names, texts, defaults };
}
