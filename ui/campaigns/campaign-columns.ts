/** Describes campaigns as columns, and takes all that are found along, in the order that is on the screen. */
import { minutesOf } from "../../src/index/wording.js";
import { MAX_LIMIT, type CampaignQuery, type Sort } from "../../src/view/campaign-query.js";
import type { Field } from "../../src/view/csv.js";
import { shareOf } from "../../src/view/ratios.js";
import type { CampaignRow, FoundCampaigns, JsonFigures } from "../../src/view/rows.js";
import { fieldsOf, type Column } from "../column.js";
import { FIGURES } from "../figures.js";
import type { Source } from "../source.js";

/** @param sum of all that are found */
export const campaignColumns = (sum: JsonFigures): readonly Column<CampaignRow, Sort>[] => [
  { id: "campaign", head: "Campaign", sorts: "ascending", isText: true, value: ({ campaign }) => campaign },
  { id: "name", head: "Name", sorts: "ascending", isText: true, value: ({ name }) => name },
  { id: "banners", head: "Banners", sorts: "descending", as: "count", value: ({ banners }) => banners },
  // Files have it period by period.
  { id: "x", head: "With a conversion", sorts: "descending", title: "Banners with a conversion, by period" },
  ...FIGURES,
  {
    id: "share",
    head: "Share",
    title: "Share of the revenue of all that are found",
    sorts: "descending",
    as: "percent",
    value: ({ revenue }) => shareOf(revenue, sum.revenue),
  },
];

/** Page by page. @throws Error where another index comes meanwhile, whose rows are not of the same list */
export async function allFound(
  source: Pick<Source, "campaigns">,
  list: CampaignQuery,
  most = Infinity,
): Promise<FoundCampaigns> {
  const rows: CampaignRow[] = [];
  const generations = new Set<string>();
  let page;
  do {
    page = await source.campaigns({ ...list, offset: rows.length, limit: Math.min(MAX_LIMIT, most - rows.length) });
    rows.push(...page.rows);
    if (generations.add(page.generation).size > 1) throw new Error("Another index came meanwhile. Take it again.");
  } while (rows.length < Math.min(page.found, most) && page.rows.length > 0);
  return { ...page, rows };
}

/** @param period whose figures they are; 0 for the whole hour */
export function campaignsCsv({ rows, sum }: FoundCampaigns, period: number, periods: number): Field[][] {
  const minutes = period === 0 ? minutesOf(1, 1) : minutesOf(period, periods);
  const byPeriod = Array.from({ length: periods }, (_, at): Column<CampaignRow> => ({
    id: `banners with a conversion ${minutesOf(at + 1, periods)}`,
    value: ({ cells }) => cells[at]?.x,
  }));
  return fieldsOf([...campaignColumns(sum), { id: "minutes", value: () => minutes }, ...byPeriod], rows);
}
