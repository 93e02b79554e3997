/** Makes the events of the sample from its campaigns. */
import { CAMPAIGNS, PERIODS, type BannerResult } from "./campaigns.js";
import { seededRandom } from "./random.js";
import { drawResults } from "./results.js";

type EventFiles = Readonly<Record<"impressions" | "clicks" | "conversions", string>>;

interface PlayedCell {
  readonly campaign: number;
  readonly late: boolean;
  readonly results: readonly BannerResult[];
}

interface Click {
  readonly banner: number;
  readonly campaign: number;
  readonly revenues: readonly number[];
  readonly late: boolean;
}

/**
 * Makes the events of the whole sample: one entry a period, in order. Those of a period come in random order, as
 * visitors do, and ids count up in the order of the files.
 */
export function makeEvents(): EventFiles[] {
  let clickId = 0;
  let conversionId = 0;
  const played = PERIODS.map((period) => {
    const random = seededRandom(`events of period ${period}`);
    const cells = playPeriod(period);
    return {
      random,
      impressions: random.shuffled(cells.flatMap(impressionsOf)),
      clicks: random.shuffled(cells.flatMap(clicksOf)).map((click) => ({ ...click, id: ++clickId })),
    };
  });
  return played.map(({ random, impressions, clicks }, i) => {
    // The hour comes round: what is late for the last period comes in the first one's file.
    const before = played.at(i - 1)!.clicks;
    const arriving = [...clicks.filter(({ late }) => !late), ...before.filter(({ late }) => late)];
    const conversions = random.shuffled(
      arriving.flatMap(({ id, revenues }) => revenues.map((revenue) => `${id},${formatRevenue(revenue)}`)),
    );
    return {
      impressions: csv("banner_id,campaign_id", impressions),
      clicks: csv(
        "click_id,banner_id,campaign_id",
        clicks.map(({ id, banner, campaign }) => `${id},${banner},${campaign}`),
      ),
      conversions: csv(
        "conversion_id,click_id,revenue",
        conversions.map((conversion) => `${++conversionId},${conversion}`),
      ),
    };
  });
}

function playPeriod(period: number): PlayedCell[] {
  return CAMPAIGNS.flatMap(({ id: campaign, cells }) => {
    const design = cells[period - 1];
    return design ? [{ campaign, late: design.late, results: drawResults(campaign, period, design) }] : [];
  });
}

function impressionsOf({ campaign, results }: PlayedCell): string[] {
  return results.flatMap(({ banner, impressions }) => Array<string>(impressions).fill(`${banner},${campaign}`));
}

function clicksOf({ campaign, late, results }: PlayedCell): Click[] {
  return results.flatMap(({ banner, clicks }) => clicks.map((revenues) => ({ banner, campaign, revenues, late })));
}

/** A plain decimal of `revenue` millionths, without needless zeros. */
function formatRevenue(revenue: number): string {
  const digits = String(Math.abs(revenue)).padStart(7, "0");
  const decimals = digits.slice(-6).replace(/0+$/, "");
  return `${revenue < 0 ? "-" : ""}${digits.slice(0, -6)}${decimals ? "." : ""}${decimals}`;
}

function csv(header: string, rows: readonly string[]): string {
  return [header, ...rows, ""].join("\n");
}
