/** Draws the first screen: what needs attention, what is shown now, what it earns, then the campaigns. */
import type { VNode } from "preact";
import { counted, minutesOf } from "../src/index/wording.js";
import type { Overview as Sums } from "../src/view/rows.js";
import { Campaigns } from "./campaigns/campaigns.js";
import type { Column } from "./column.js";
import { FigureList } from "./number.js";
import { FIGURES, sumOf, type FigureName } from "./figures.js";
import { Shown, useLoaded, type Loaded } from "./loaded.js";
import { Card, Link } from "./parts.js";
import { useShell } from "./shell.js";
import { Table } from "./table.js";

export function Overview(): VNode {
  const { source, Now } = useShell();
  const loaded = useLoaded("overview", source.overview);
  return (
    <>
      <Attention />
      <div class={Now && "first"}>
        {Now && <Now totals={loaded.value?.totals} />}
        <Earned loaded={loaded} />
      </div>
      <Campaigns />
    </>
  );
}

function Attention(): VNode | null {
  const { useConcerns, own, isGone, Now } = useShell();
  const concerns = useConcerns();
  if (concerns.length === 0)
    return isGone ? null : (
      <p class="attention well" id="attention">
        {Now ? "The server needs no attention." : "Nothing needs attention."}
      </p>
    );
  return (
    <section class="attention" id="attention" aria-labelledby="attention-title">
      <h2 id="attention-title">Needs attention</h2>
      <ul>
        {concerns.map(({ text, under }) => (
          <li key={text}>
            <span>{text}</span> <Link to={{ view: own.view }}>{`${own.name}: ${under}`}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The whole hour has all of them above the table. */
const SHOWN: readonly FigureName[] = ["impressions", "clicks", "revenue", "ctr", "conversion_rate"];

/** At first: with more, the campaigns are far below. */
const MAX_PERIODS = 12;

const COLUMNS: readonly Column<Sums["totals"][number]>[] = [
  { id: "period", head: "Minutes of the hour", isText: true },
  { id: "campaigns", head: "Campaigns", as: "count", value: ({ campaigns }) => campaigns },
  ...FIGURES.filter(({ id }) => SHOWN.includes(id)),
];

function Earned({ loaded }: { readonly loaded: Loaded<Sums> }): VNode {
  const { period } = useShell();
  return (
    <Card id="earned" title="What it earns" Heading={period === 0 ? "h1" : "h2"}>
      <Shown loaded={loaded} what="what it earns">
        {({ campaigns, banners, totals }) => (
          <>
            <p class="quiet">
              {counted(campaigns, "campaign")} with {counted(banners, "banner")}, in the events that the index was built
              from
            </p>
            <FigureList of={sumOf(totals)} />
            <Table
              id="totals"
              caption="What was earned, by period of the hour"
              columns={COLUMNS}
              cells={{
                period: (_, at) => [
                  minutesOf(at + 1, totals.length),
                  " ",
                  at + 1 === period && <span class="pill">now</span>,
                ],
              }}
              rows={totals}
              classOf={(_, at) => (at + 1 === period ? "on" : "")}
              cut={{ below: Math.max(MAX_PERIODS, period), rest: (more) => `the ${more} other periods` }}
            />
          </>
        )}
      </Shown>
    </Card>
  );
}
