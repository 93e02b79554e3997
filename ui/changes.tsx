/** Draws what differs from the index before: revenue, banners in and out, rules, and the campaigns that changed. */
import type { VNode } from "preact";
import { formatMillionths, millionthsOf } from "../src/index/money.js";
import { RULES_BY_X, type Rule } from "../src/index/sections.js";
import { count, counted, minutesOf, named } from "../src/index/wording.js";
import type { Comparison, Difference, SomeIds } from "../src/view/change/comparison.js";
import type { ChangedCell, ServedChange } from "../src/view/change/served-change.js";
import { fieldsOf, sortedBy, sortingOf, type Column } from "./column.js";
import { Shown, useLoaded } from "./loaded.js";
import { Money, Name } from "./number.js";
import { Action, Card, Facts, Link, RuleName } from "./parts.js";
import { saveCsv } from "./save-csv.js";
import { useShell } from "./shell.js";
import { Table } from "./table.js";

export function ChangesView(): VNode {
  const { source, own } = useShell();
  return (
    <Card id="changes" title="What changed" Heading="h1">
      {own.view === "server" && <Link to={{ view: "server" }}>What each of the last reloads changed</Link>}
      <Shown loaded={useLoaded("change", source.change)} what="what changed">
        {(change) => [<Compared of={change.comparison} />, change.cells.length > 0 && <ChangedCells of={change} />]}
      </Shown>
    </Card>
  );
}

function Compared({ of }: { readonly of: Comparison }): VNode {
  if (of.result === "first") return <p>No index was here before, so there is nothing to compare this one with.</p>;
  if (of.result === "unchanged") return <p>Nothing: the index before has the same bytes.</p>;
  if (of.result === "unreadable")
    return <p>The index before could not be read, so nothing is compared with it: {of.reason}.</p>;
  const { generation, revenue, cells_by_rule } = of;
  const difference = formatMillionths(millionthsOf(revenue.after) - millionthsOf(revenue.before));
  return (
    <>
      <p class="quiet">
        From generation <code>{generation.before}</code> to <code>{generation.after}</code>.
      </p>
      <Facts
        as="figures"
        of={[
          ["Revenue now", <Money exact={revenue.after} />],
          ["Revenue before", <Money exact={revenue.before} />],
          ["Difference", <Money exact={difference} />],
        ]}
      />
      <ul class="came-and-went">
        {linesOf(of).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {RULES_BY_X.map((rule) => (
          <li key={rule}>
            <RuleName rule={rule} />: {counted(cells_by_rule[rule].after, "period")} of campaigns,{" "}
            {count(cells_by_rule[rule].before)} before
          </li>
        ))}
      </ul>
    </>
  );
}

function linesOf({ campaigns_changed: campaigns, periods, ...of }: Difference): string[] {
  const idsText = ({ count: all, first }: SomeIds, what: string, rest: string): string =>
    `${counted(all, what)} ${rest}${all === 0 ? "" : ` (${named(first, first.length, all)})`}`;
  return [
    campaigns === null
      ? `The hour has ${counted(periods.after, "period")} and had ${periods.before}: single ones are not compared.`
      : `${counted(campaigns, "campaign")} changed; of all, ${counted(of.collections_changed ?? 0, "period")} with other ` +
        `banners, ${count(of.rules_changed ?? 0)} with another rule, ${count(of.cells_new ?? 0)} new, ` +
        `${count(of.cells_gone ?? 0)} without events now`,
    idsText(of.banners_in, "banner", "shown now that no campaign showed before"),
    idsText(of.banners_out, "banner", "not shown any more"),
    idsText(of.campaigns_new, "campaign", "new"),
    idsText(of.campaigns_gone, "campaign", "gone"),
  ];
}

const FIRST_ROWS = 100;
const FEW_IDS = 5;

const COLUMNS: readonly Column<ChangedCell>[] = [
  { id: "campaign", head: "Campaign", sorts: "ascending", isText: true, value: ({ campaign }) => campaign },
  { id: "period", head: "Minutes", sorts: "ascending", isText: true, value: ({ period }) => period },
  { id: "rule", head: "What is shown", isText: true, value: ({ rule }) => rule ?? "" },
  { id: "in", head: "Banners in", sorts: "descending", value: (of) => of.in.join(" "), key: (of) => of.in.length },
  { id: "out", head: "Banners out", sorts: "descending", value: (of) => of.out.join(" "), key: (of) => of.out.length },
  { id: "revenue_before", head: "Revenue before", sorts: "descending", as: "money", value: (of) => of.revenue_before },
  { id: "revenue", head: "Revenue now", sorts: "descending", as: "money", value: (of) => of.revenue },
  {
    id: "difference",
    head: "Difference",
    title: "Of the revenue",
    sorts: "descending",
    as: "money",
    value: (of) => formatMillionths(differenceOf(of)),
  },
  // More or less: what is gone is among the first.
  { id: "size", key: (of) => (differenceOf(of) < 0n ? -differenceOf(of) : differenceOf(of)) },
  // The table has them in the cells of others.
  { id: "name", value: ({ name }) => name },
  { id: "rule_before", value: ({ rule_before }) => rule_before ?? "" },
];

const differenceOf = ({ revenue, revenue_before }: ChangedCell): bigint =>
  millionthsOf(revenue) - millionthsOf(revenue_before);

const ruleName = (rule: Rule | null): VNode => (rule === null ? <>nothing</> : <RuleName rule={rule} />);

function ChangedCells({ of: { cells, cells_left_out } }: { readonly of: ServedChange }): VNode {
  const { address, go, periods } = useShell();
  const sorting = sortingOf(COLUMNS, address);
  const sorted = sortedBy(cells, COLUMNS, sorting ?? { by: "size", direction: "descending" });
  const left = cells_left_out === 0 ? "" : ` with the most revenue; ${count(cells_left_out)} more changed`;
  return (
    <>
      <h2>Campaigns and periods that changed</h2>
      <div class="found">
        <p>
          {counted(cells.length, "period")} of campaigns{left}
          {!sorting && ", the greatest difference first"}
        </p>
        <Action text="Download CSV" does={() => saveCsv("changes", fieldsOf(COLUMNS, sorted))} />
      </div>
      <Table
        id="changed"
        caption="Campaigns and periods that changed"
        columns={COLUMNS}
        cells={{
          campaign: ({ campaign, name, period, rule }) => (
            <>
              {rule === null ? campaign : <Link to={{ campaign, at: period, tableSort: "" }}>{campaign}</Link>}{" "}
              <Name text={name ?? ""} />
            </>
          ),
          period: ({ period }) => minutesOf(period, periods),
          rule: ({ rule, rule_before: before }) => (
            <>
              {ruleName(rule)}
              {before !== rule && <small> before: {ruleName(before)}</small>}
            </>
          ),
          in: (of) => named(of.in, FEW_IDS) || "0",
          out: (of) => named(of.out, FEW_IDS) || "0",
        }}
        rows={sorted}
        keyOf={({ campaign, period }) => `${campaign} ${period}`}
        sorting={sorting}
        onSort={({ by, direction }) => {
          go({ tableSort: by, tableDirection: direction });
        }}
        cut={{ below: FIRST_ROWS, rest: (more) => `the ${more} others` }}
      />
    </>
  );
}
