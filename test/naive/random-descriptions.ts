import fc from "fast-check";
import { BANNERS_PATH, CAMPAIGNS_PATH, PLACEMENTS_PATH } from "./naive-descriptions.js";
import type { NaiveFile } from "./naive-rows.js";
import type { DataSet } from "./random-events.js";
import { BANNERS, CAMPAIGNS } from "./random-tables.js";

/** The moment of every build of a random data set. */
export const AT = Date.UTC(2026, 11, 1);

type Row = readonly string[];

const SHOWN: readonly Row[] = [
  ["", "", ""],
  ["on", "2026-12-01", ""],
  ["", "", "2026-12-01T00:00:01Z"],
  ["On", "2026-11-30", "2026-12-01T00:30:00-01:00"],
  ["", "2026-12-01T01:00:00+01:00", "2026-12-02"],
];
const HELD: readonly Row[] = [
  ["OFF", "", ""],
  ["off", "2026-01-01", "2027-01-01"],
  ["", "2026-12-01T00:00:01Z", ""],
  ["on", "", "2026-12-01"],
  ["", "2026-11-01", "2026-12-01T05:30:00+05:30"],
];
const WRONG: readonly Row[] = [
  ["paused", "", ""],
  ["", "tomorrow", ""],
  ["", "", "2026-02-30"],
  ["on", "2026-12-02", "2026-12-02"],
];

const schedule = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...SHOWN) },
  { weight: 2, arbitrary: fc.constantFrom(...HELD) },
);
const texts = fc.constantFrom<Row>(["", ""], ["Sale", "https://example.com/"], ["Größe", ""]);
const name = fc.constantFrom("", "Summer sale", "Größe <b> & Co", " Winter ");

/** Campaigns in no event are among them, and one that runs in some periods only. */
const campaignIds = [...CAMPAIGNS, 77, 78];
/** One in no event is among them. */
const bannerIds = [...BANNERS, 555];
const UNKNOWN = "1000000";

interface Descriptions {
  readonly placements: readonly Row[];
  readonly banners: readonly Row[];
  readonly campaigns: readonly Row[];
}

const rowsOf = (ids: readonly number[], rest: fc.Arbitrary<Row>): fc.Arbitrary<Row[]> =>
  fc
    .tuple(fc.shuffledSubarray([...ids]), fc.array(rest, { minLength: ids.length, maxLength: ids.length, size: "max" }))
    .map(([chosen, rests]) => chosen.map((id, at) => [String(id), ...rests[at]!]));

const placement = fc.tuple(fc.constantFrom(...campaignIds.map(String)), fc.constantFrom(...bannerIds.map(String)));

const descriptions: fc.Arbitrary<Descriptions> = fc.record({
  placements: fc.uniqueArray(placement, { maxLength: 4, selector: (row) => row.join(",") }),
  banners: rowsOf(
    bannerIds,
    fc.tuple(texts, schedule).map((parts) => parts.flat()),
  ),
  campaigns: rowsOf(campaignIds, fc.tuple(name, fc.constantFrom("", ...BANNERS.map(String)))),
});

const faultyRow = fc.record({
  at: fc.nat(40),
  placement: fc.oneof(placement, fc.constantFrom(["2", "0"], ["x", "5"], ["2", "5", "1"], [" 10", "1 "])),
  banner: fc
    .tuple(
      fc.constantFrom(...BANNERS.map(String), UNKNOWN, "0", "x"),
      texts,
      fc.oneof(schedule, fc.constantFrom(...WRONG)),
    )
    .map((row) => row.flat()),
  campaign: fc.tuple(
    fc.constantFrom(...campaignIds.map(String), UNKNOWN, "-1"),
    name,
    fc.constantFrom("", "5", "05", "many"),
  ),
});

function file(path: string, header: string, rows: readonly Row[]): NaiveFile {
  return { path, text: [header, ...rows.map((row) => row.join(",")), ""].join("\n") };
}

const withDescriptions = ({ files, periods }: DataSet, { placements, banners, campaigns }: Descriptions): DataSet => ({
  periods,
  files: [
    ...files,
    file(PLACEMENTS_PATH, "campaign_id,banner_id", placements),
    file(CAMPAIGNS_PATH, "campaign_id,name,default_banner", campaigns),
    file(BANNERS_PATH, "banner_id,alt,link,status,from,until", banners),
  ],
});

/** Nothing of them is rejected: every row is of a banner or a campaign of the data set, or names a default. */
export function described(dataSets: fc.Arbitrary<DataSet>): fc.Arbitrary<DataSet> {
  return fc.tuple(dataSets, descriptions).map(([dataSet, { placements, banners, campaigns }]) => {
    const ofEvents = (column: string): Set<string> =>
      new Set(dataSet.files.flatMap(({ text }) => columnOf(text, column)));
    const shownCampaigns = new Set([...ofEvents("campaign_id"), ...placements.map(([id]) => id!)]);
    const known = campaigns.filter(([id, , banner]) => shownCampaigns.has(id!) || banner !== "");
    const shownBanners = new Set([...ofEvents("banner_id"), ...placements.map(([, id]) => id!)]);
    for (const [, , banner] of known) shownBanners.add(banner!);
    return withDescriptions(dataSet, {
      placements,
      banners: banners.filter(([id]) => shownBanners.has(id!)),
      campaigns: known,
    });
  });
}

/** With orphans, duplicates, conflicts and malformed rows. */
export function wronglyDescribed(dataSets: fc.Arbitrary<DataSet>): fc.Arbitrary<DataSet> {
  return fc
    .tuple(dataSets, descriptions, fc.array(faultyRow, { maxLength: 8 }))
    .map(([dataSet, { placements, banners, campaigns }, faults]) => {
      const rows = { placements: [...placements], banners: [...banners], campaigns: [...campaigns] };
      for (const { at, placement, banner, campaign } of faults) {
        rows.placements.splice(at % (placements.length + 1), 0, placement);
        rows.banners.splice(at % (banners.length + 1), 0, banner);
        rows.campaigns.splice(at % (campaigns.length + 1), 0, campaign);
        // The same again.
        if (at % 4 === 0) rows.campaigns.push(campaign);
        if (at % 4 === 1) rows.banners.push(banner);
        if (at % 4 === 2) rows.placements.push(placement);
      }
      return withDescriptions(dataSet, rows);
    });
}

function columnOf(text: string, column: string): string[] {
  const [header = [], ...rows] = text.split("\n").map((line) => line.split(","));
  const at = header.indexOf(column);
  return at === -1 ? [] : rows.map((row) => row[at] ?? "");
}
