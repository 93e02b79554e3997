/** Draws where each banner of a campaign is in, period by period. */
import type { VNode } from "preact";
import { millionthsOf } from "../../src/index/money.js";
import { count, minutesOf } from "../../src/index/wording.js";
import type { Campaign } from "../../src/view/rows.js";
import { Card } from "../parts.js";
import { Table } from "../table.js";
import { Banner, STANDING_TEXTS } from "./banner-table.js";
import { bannersOf, type PlacedBanner } from "./banners.js";

interface Line {
  readonly banner: number;
  readonly at: Record<number, PlacedBanner>;
  revenue: bigint;
  isIn: boolean;
}

/** Those that are in anywhere come first, then by the revenue of the whole hour. */
function linesOf(campaign: Campaign): Line[] {
  const lines = new Map<number, Line>();
  for (const cell of campaign.cells)
    for (const row of cell === null ? [] : bannersOf(campaign, cell)) {
      const line = lines.get(row.banner) ?? { banner: row.banner, at: {}, revenue: 0n, isIn: false };
      line.at[row.cell.period] = row;
      line.revenue += millionthsOf(row.revenue);
      line.isIn ||= row.standing === "in";
      lines.set(row.banner, line);
    }
  return [...lines.values()].sort((a, b) => Number(b.isIn) - Number(a.isIn) || Number(b.revenue - a.revenue));
}

export function Matrix({ campaign }: { campaign: Campaign }): VNode {
  const lines = linesOf(campaign);
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
        columns={[
          {
            id: "name",
            head: "Banner",
            isText: true,
            cell: ({ banner }) => <Banner campaign={campaign} banner={banner} />,
          },
          ...campaign.cells.map((_, index) => ({
            id: `period-${index + 1}`,
            head: minutesOf(index + 1, campaign.cells.length),
            cell: ({ at }: Line) => at[index + 1] && <Mark {...at[index + 1]!} />,
          })),
        ]}
        rows={lines}
        cut={below < lines.length ? { below, rest: `${count(lines.length - below)} without a fixed place` } : undefined}
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
