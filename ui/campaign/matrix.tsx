/** Draws where each banner of a campaign is in, period by period. */
import type { VNode } from "preact";
import { millionthsOf } from "../../src/index/money.js";
import { minutesOf } from "../../src/index/wording.js";
import type { Campaign } from "../../src/view/rows.js";
import { Card } from "../parts.js";
import { Table } from "../table.js";
import { Banner, STANDING_TEXTS } from "./banner-table.js";
import { bannersOf, type PlacedBanner } from "./banners.js";

interface Line {
  readonly banner: number;
  /** By the column of the period. */
  readonly at: Record<string, PlacedBanner>;
  revenue: bigint;
  isIn: boolean;
}

const idOf = (period: number): string => `period-${period}`;

/** Those that are in anywhere come first, then by the revenue of the whole hour. */
function linesOf(campaign: Campaign): Line[] {
  const lines = new Map<number, Line>();
  for (const cell of campaign.cells)
    for (const row of cell === null ? [] : bannersOf(campaign, cell)) {
      const line = lines.get(row.banner) ?? { banner: row.banner, at: {}, revenue: 0n, isIn: false };
      line.at[idOf(row.cell.period)] = row;
      line.revenue += millionthsOf(row.revenue);
      line.isIn ||= row.standing === "in";
      lines.set(row.banner, line);
    }
  return [...lines.values()].sort((a, b) => Number(b.isIn) - Number(a.isIn) || Number(b.revenue - a.revenue));
}

export function Matrix({ campaign }: { campaign: Campaign }): VNode {
  const lines = linesOf(campaign);
  const periods = campaign.cells.map((_, at) => ({ id: idOf(at + 1), head: minutesOf(at + 1, campaign.cells.length) }));
  const below = lines.filter(({ isIn }) => isIn).length;
  return (
    <Card id="matrix" title="Where each banner is in">
      <p class="legend">
        <Mark standing="in" place={1} /> in, with its place <Mark standing="drawn" place={1} /> drawn at times{" "}
        <Mark standing="out" place={1} /> behind the cut
      </p>
      <Table
        id="places"
        caption="Banners of the campaign, by minutes of the hour"
        columns={[{ id: "name", head: "Banner", isText: true }, ...periods]}
        cells={{
          name: ({ banner }) => <Banner campaign={campaign} banner={banner} />,
          ...Object.fromEntries(periods.map(({ id }) => [id, ({ at }: Line) => at[id] && <Mark {...at[id]} />])),
        }}
        rows={lines}
        cut={{ below, rest: (more) => `${more} without a fixed place` }}
      />
    </Card>
  );
}

function Mark({ standing, place }: Pick<PlacedBanner, "standing" | "place">): VNode {
  const text = `${STANDING_TEXTS[standing]}, place ${place}`;
  return (
    <span class={`place ${standing}`} title={text}>
      <span aria-hidden="true">{{ in: place, drawn: "?", out: "–" }[standing]}</span>
      <span class="unseen">{text}</span>
    </span>
  );
}
