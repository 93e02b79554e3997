/** Draws the list of campaigns: filters, a table that sorts by each column, and its pages. */
import type { VNode } from "preact";
import { count, counted } from "../../src/index/wording.js";
import type { CampaignQuery } from "../../src/view/campaign-query.js";
import type { CampaignRow, FoundCampaigns } from "../../src/view/rows.js";
import { Shown, useLoaded } from "../loaded.js";
import { Money, Name } from "../number.js";
import { Action, Card, Link } from "../parts.js";
import { MAX_PRINTED, usePrinting } from "../printing.js";
import { saveCsv } from "../save-csv.js";
import { useShell } from "../shell.js";
import { Table } from "../table.js";
import { allFound, campaignColumns, campaignsCsv } from "./campaign-columns.js";
import { Filters, filterText, isFiltered } from "./filters.js";

export function Campaigns(): VNode {
  const { source, periods, address } = useShell();
  const { list } = address;
  const isPrinted = usePrinting();
  const loaded = useLoaded(
    "campaigns",
    async (signal) => ({
      list,
      periods,
      ...(isPrinted ? await allFound(source, list, MAX_PRINTED) : await source.campaigns(list, signal)),
    }),
    [list, isPrinted],
  );
  return (
    <Card id="campaigns" title="Campaigns">
      <Filters />
      <Shown loaded={loaded} what="the campaigns">
        {(found) =>
          found.campaigns === 0 ? <p class="state">There is no campaign in this index.</p> : <Found found={found} />
        }
      </Shown>
    </Card>
  );
}

/** `list` is what they were asked by: where an answer does not come, the address is ahead of it. */
interface FoundProps {
  readonly found: FoundCampaigns & { readonly list: CampaignQuery; readonly periods: number };
}

function Found({ found: { list, periods, campaigns, found, sum, rows } }: FoundProps): VNode {
  const { source, address, go } = useShell();
  const asked = address.list;
  const { period } = list;
  const all = counted(campaigns, "campaign");
  const file = period === 0 ? "campaigns" : `campaigns-period-${period}`;
  return (
    <>
      <div class="found">
        <p role="status">
          {isFiltered(list) ? `${count(found)} of ${all}` : all}, <Money exact={sum.revenue} /> revenue
        </p>
        <Action
          text="Download CSV"
          title="All that match, in this order, with exact revenue"
          does={async () => saveCsv(file, campaignsCsv(await allFound(source, list), period, periods))}
        />
      </div>
      {rows.length === 0 ? (
        <p class="state" onClick={toBeginning}>
          {found === 0 ? "No campaign matches." : <Link to={{ list: { ...asked, offset: 0 } }}>To the first page</Link>}
        </p>
      ) : (
        <>
          <Table
            id="campaign-list"
            caption={`Campaigns: ${filterText(list, periods)}`}
            columns={campaignColumns(sum)}
            cells={{
              campaign: ({ campaign, changed }) => (
                <>
                  <Link to={{ campaign, at: period }}>{campaign}</Link> {changed && <span class="pill">changed</span>}
                </>
              ),
              name: ({ name }) => <Name text={name} />,
              x: ({ cells }) => rangeOf(period === 0 ? cells : cells.slice(period - 1, period)),
            }}
            rows={rows}
            keyOf={({ campaign }) => campaign}
            sorting={{ by: list.sort, direction: list.direction }}
            asked={{ by: asked.sort, direction: asked.direction }}
            onSort={({ by, direction }) => {
              go({ list: { ...asked, sort: by, direction, offset: 0 } });
            }}
          />
          <p class="printed">
            {count(rows.length)} of {counted(found, "row")}: {filterText(list, periods)}
          </p>
          <Pages found={found} list={list} />
        </>
      )}
    </>
  );
}

/** From the period with the fewest to that with the most. */
function rangeOf(cells: CampaignRow["cells"]): string {
  const numbers = cells.flatMap((cell) => cell?.x ?? []);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? count(most) : `${count(least)}–${count(most)}`;
}

function Pages({ found, list: { offset, limit } }: { found: number; list: CampaignQuery }): VNode | null {
  const { list } = useShell().address;
  const page = (text: string, to: number): VNode => <Link to={{ list: { ...list, offset: to } }}>{text}</Link>;
  if (found <= limit && offset === 0) return null;
  return (
    <nav class="pages" aria-label="Pages of campaigns">
      <p role="status">
        Rows {count(offset + 1)}–{count(Math.min(found, offset + limit))} of {count(found)}
      </p>
      <p class="links" onClick={toBeginning}>
        {list.offset > 0 && page("Previous", Math.max(0, list.offset - limit))}
        {list.offset + limit < found && page("Next", list.offset + limit)}
      </p>
    </nav>
  );
}

/** What comes is read from its beginning. A page that opens in another tab changes nothing here. */
function toBeginning(event: Event): void {
  if (!event.defaultPrevented) return;
  const card = document.getElementById("campaigns")!;
  card.tabIndex = -1;
  card.scrollIntoView();
  card.focus({ preventScroll: true });
}
