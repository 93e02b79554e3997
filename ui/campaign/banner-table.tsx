/** Draws all banners of a period: in the order of the cut, with a line at the cut, or in that of any column. */
import type { VNode } from "preact";
import { cutSentence, drawnSentence, REASON_TEXTS } from "../../src/index/explain.js";
import { formatMillionths } from "../../src/index/money.js";
import { minutesOf } from "../../src/index/wording.js";
import type { Campaign, Cell } from "../../src/view/rows.js";
import { sortedBy, sortingOf } from "../column.js";
import { moneyText } from "../number-text.js";
import { Name } from "../number.js";
import { useShell } from "../shell.js";
import { Table } from "../table.js";
import { BANNER_COLUMNS, bannersOf, CUT_ORDER, explained, type PlacedBanner } from "./banners.js";

export const STANDING_TEXTS = { in: "in", drawn: "drawn at times", out: "behind the cut" } as const;

export function BannerTable({ campaign, cell }: { campaign: Campaign; cell: Cell }): VNode {
  const { address, go, settings } = useShell();
  const sorting = sortingOf(BANNER_COLUMNS, address) ?? CUT_ORDER;
  const { fixed, random_places: drawn } = cell;
  const of = explained(cell);
  const cut = {
    below: fixed,
    rest: (more: string): string => `the ${more} ${drawn > 0 ? "of the pool" : "more behind the cut"}`,
    line: (
      <>
        {drawn > 0 && <p>{drawnSentence(of)}</p>}
        <p>{cutSentence(of, (millionths) => moneyText(formatMillionths(millionths), settings.currency, 6))}</p>
      </>
    ),
  };
  return (
    <Table
      id="banners"
      caption={`All banners of minutes ${minutesOf(cell.period, campaign.cells.length)}`}
      columns={BANNER_COLUMNS}
      cells={{
        name: ({ banner }) => <Banner campaign={campaign} banner={banner} isRow />,
        standing: (row) => <WhyShown row={row} />,
      }}
      rows={sortedBy(bannersOf(campaign, cell), BANNER_COLUMNS, sorting)}
      keyOf={({ banner }) => banner}
      classOf={({ standing }) => standing}
      sorting={sorting}
      onSort={({ by, direction }) => {
        go({ tableSort: by, tableDirection: direction });
      }}
      cut={sorting.by === "place" && sorting.direction === "ascending" ? cut : undefined}
    />
  );
}

function WhyShown({ row: { banner, by, standing, cell } }: { row: PlacedBanner }): VNode {
  const moved = cell.change?.in.includes(banner) ? "in" : cell.change?.out.includes(banner) ? "out" : undefined;
  return (
    <>
      {standing === "in" ? REASON_TEXTS[by!] : STANDING_TEXTS[standing]}{" "}
      {moved && (
        <span class={`pill moved-${moved}`} title="Since the last index">
          {moved === "in" ? "▲" : "▼"} new {moved}
        </span>
      )}
    </>
  );
}

type BannerOf = Readonly<{ campaign: Campaign; banner: number; isRow?: boolean; isExplored?: boolean | undefined }>;

export function Thumbnail({ campaign, banner, isExplored }: BannerOf): VNode {
  const { image, name, width, height } = campaign.banners[banner] ?? {};
  return (
    <span class={isExplored ? "thumbnail explored" : "thumbnail"} title={isExplored ? "Drawn to explore" : undefined}>
      {image && <img src={image} alt={name || `Banner ${banner}`} width={width} height={height} loading="lazy" />}
    </span>
  );
}

/** `isRow` is where a column has the id, which styles hide where there is no room for it. */
export function Banner({ campaign, banner, isRow = false }: BannerOf): VNode {
  const { name, link } = campaign.banners[banner] ?? {};
  return (
    <span class="banner">
      <Thumbnail campaign={campaign} banner={banner} />
      <span class="what">
        <Name text={name || `Banner ${banner}`} /> <span class={isRow ? "id spare" : "id"}>{banner}</span>
        {isRow && link && (
          <a class="host" href={link} rel="noopener noreferrer" title={link}>
            {new URL(link).host}
            <span class="unseen">, where banner {banner} leads</span>
          </a>
        )}
      </span>
    </span>
  );
}
