/** Draws the open campaign: its figures, its periods, and what the open one shows and why. */
import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { chanceSentence, ruleSentence, RULE_TEXTS } from "../../src/index/explain.js";
import { count, counted, minutesOf } from "../../src/index/wording.js";
import { printable } from "../../src/options/printable.js";
import type { Campaign, Cell } from "../../src/view/rows.js";
import { sortingOf } from "../column.js";
import { sumOf } from "../figures.js";
import { Shown, useLoaded } from "../loaded.js";
import { FigureList, Money } from "../number.js";
import { Action, Card, Link, RuleMark } from "../parts.js";
import { saveCsv } from "../save-csv.js";
import type { ServerSettings } from "../../src/view/page-settings.js";
import { useShell } from "../shell.js";
import { BannerTable } from "./banner-table.js";
import { BANNER_COLUMNS, bannersCsv, explained } from "./banners.js";
import { Matrix } from "./matrix.js";

/** With more, the link to a period has no room for sentences. */
const MAX_DESCRIBED = 12;

export function CampaignView(): VNode {
  const { source, address } = useShell();
  const { campaign } = address;
  const load = async (signal: AbortSignal) => ({ found: await source.campaign(campaign, signal) });
  const loaded = useLoaded("campaign", load, [campaign]);
  const none = <p class="card state">There is no campaign {campaign} in this index.</p>;
  return (
    <div id="campaign">
      <p class="back">
        <Link to={{ campaign: 0, at: 0 }}>← All campaigns</Link>
      </p>
      {loaded.value?.found === undefined && <h1 class="unseen">Campaign {campaign}</h1>}
      <Shown loaded={loaded} what="the campaign">
        {({ found }) => (found ? <Open campaign={found} /> : none)}
      </Shown>
    </div>
  );
}

function Open({ campaign }: { campaign: Campaign }): VNode {
  const { address, go, period, settings, OfCampaign } = useShell();
  const { cells, campaign: id, name } = campaign;
  const asked = address.at <= cells.length ? address.at : 0;
  const at = asked || (cells[period - 1] ? period : cells.findIndex((cell) => cell !== null) + 1);
  const cell = cells[at - 1] ?? null;
  // The address names it from now on: for whoever reads on when the next begins, and whoever is sent the address.
  useLayoutEffect(() => {
    if (address.at === 0) go({ at }, "replaceState");
  }, [address.at]);
  const file = `campaign-${id}`;
  const sorting = sortingOf(BANNER_COLUMNS, address);
  const title = [`Minutes ${minutesOf(at, cells.length)} `, <small>period {at}</small>];
  return (
    <>
      <Card id="whole" title={[<span class="id">Campaign</span>, ` ${id} `, <bdi>{printable(name)}</bdi>]} Heading="h1">
        <h2 class="quiet">The whole hour</h2>
        <FigureList of={sumOf(cells.flatMap((each) => each?.banners ?? []))} />
        {settings.server && (
          <p class="links">
            <a href={`${publicUrl(settings.server)}/campaigns/${id}`}>Public page</a>
            <a href={`/preview/${at}/campaigns/${id}/`}>Preview of this period</a>
            <a href="/report">Report of this index</a>
          </p>
        )}
        <Tabs cells={cells} at={at} />
      </Card>
      <Card key={`${id} ${at}`} id="period" title={title}>
        {cell === null ? (
          <p>Nothing to show in this period: whoever asks for the campaign in these minutes gets “not found”.</p>
        ) : (
          <>
            <Why cell={cell} />
            <FigureList of={sumOf(cell.banners)} />
            <p class="buttons">
              <Action
                text="CSV of this period"
                does={() => saveCsv(`${file}-period-${at}`, bannersCsv(campaign, [cell], sorting))}
              />
              <Action text="CSV of all periods" does={() => saveCsv(file, bannersCsv(campaign))} />
            </p>
            <BannerTable campaign={campaign} cell={cell} />
          </>
        )}
      </Card>
      {OfCampaign && <OfCampaign campaign={campaign} at={at} />}
      <Matrix campaign={campaign} />
    </>
  );
}

/** Where visitors reach the server, whose administration port the page is from. */
export function publicUrl({ public_url, port }: ServerSettings): string {
  return public_url ?? `${location.protocol}//${location.hostname}:${port}`;
}

function Tabs({ cells, at }: { cells: Campaign["cells"]; at: number }): VNode {
  const { period: now } = useShell();
  const isDescribed = cells.length <= MAX_DESCRIBED;
  return (
    <nav aria-label="Periods of the campaign">
      <ul class={isDescribed ? "periods" : "periods many"}>
        {cells.map((cell, index) => (
          <li key={index}>
            <Link to={{ at: index + 1 }} aria-current={index + 1 === at ? "true" : undefined}>
              <span class="minutes">
                {cell !== null && <RuleMark rule={cell.rule} />} {minutesOf(index + 1, cells.length)}{" "}
                {index + 1 === now && <span class="pill">now</span>}
              </span>
              {isDescribed && cell === null && <span class="quiet">nothing to show</span>}
              {isDescribed && cell !== null && (
                <>
                  <span>
                    {cell.x === 0 ? "none" : count(cell.x)} with a conversion: {RULE_TEXTS[cell.rule]}
                  </span>
                  <strong>
                    <Money exact={sumOf(cell.banners).revenue} />
                  </strong>
                </>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Why({ cell }: { cell: Cell }): VNode {
  const { settings } = useShell();
  const of = explained(cell);
  const { change } = cell;
  return (
    <>
      <p>
        <RuleMark rule={cell.rule} /> {ruleSentence(of)}
      </p>
      <p class="quiet">{chanceSentence(of, settings.server?.rotation ?? "no-repeat")}</p>
      {change && (
        <p>
          Since the last index: {counted(change.in.length, "banner")} new in, {count(change.out.length)} new out.
          Before, revenue was <Money exact={change.revenue_before} />
          {change.rule_before !== cell.rule &&
            `, and shown: ${change.rule_before === null ? "nothing" : RULE_TEXTS[change.rule_before]}`}
          .
        </p>
      )}
    </>
  );
}
