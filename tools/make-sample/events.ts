/** Makes the events of the sample from its campaigns. */
import { CAMPAIGNS, PERIODS } from "./campaigns.js";
import { seededRandom } from "./random.js";
import { drawResults } from "./results.js";

type EventFiles = Readonly<Record<"impressions" | "clicks" | "conversions", string>>;

export function makeEvents(): EventFiles[] {
  let clickId = 0;
  let conversionId = 0;
  const played = PERIODS.map((period) => {
    const random = seededRandom(`events of period ${period}`);
    const results = CAMPAIGNS.flatMap(({ id: campaign, cells }) => {
      const design = cells[period - 1];
      if (design === undefined) return [];
      return drawResults(campaign, period, design).map((result) => ({ ...result, campaign, late: design.late }));
    });
    const impressions = results.flatMap(({ banner, campaign, impressions }) =>
      Array<string>(impressions).fill(`${banner},${campaign}`),
    );
    const clicks = results.flatMap(({ banner, campaign, late, clicks }) =>
      clicks.map((revenues) => ({ banner, campaign, late, revenues })),
    );
    return {
      random,
      impressions: random.shuffled(impressions),
      clicks: random.shuffled(clicks).map((click) => ({ ...click, id: ++clickId })),
    };
  });
  return played.map(({ random, impressions, clicks }, i) => {
    // The hour comes round: what is late for the last period comes in the first one's file.
    const before = played.at(i - 1)!.clicks;
    const arriving = [...clicks.filter(({ late }) => !late), ...before.filter(({ late }) => late)];
    const conversions = arriving.flatMap(({ id, revenues }) => revenues.map((revenue) => `${id},${revenue / 1e6}`));
    return {
      impressions: csv("banner_id,campaign_id", impressions),
      clicks: csv(
        "click_id,banner_id,campaign_id",
        clicks.map(({ id, banner, campaign }) => `${id},${banner},${campaign}`),
      ),
      conversions: csv(
        "conversion_id,click_id,revenue",
        random.shuffled(conversions).map((conversion) => `${++conversionId},${conversion}`),
      ),
    };
  });
}

function csv(header: string, rows: readonly string[]): string {
  return [header, ...rows, ""].join("\n");
}
