/** Results to the tables that documents show: a short one, and all of them. */
import type { Group, Results } from "./results.js";
import { markdownTable, type Column } from "./markdown.js";
import type { PartName } from "./plan.js";
import { RULE } from "./statistics.js";
import { noiseOfGroup, pausesOf, rowsOf, type LatencySpread, type Row } from "./summary.js";
import { against, mebibytes, number, ratio, spread, time } from "./wording.js";

/** Markdown, each with a line ending at its end. */
export interface Tables {
  readonly readme: string;
  readonly full: string;
}

interface TableColumn extends Column {
  readonly of: (row: Row) => string;
}

/** Said of a figure that is not there. */
const NONE = "–";
/** Marks what `LATE` explains. */
const MARK = " \\*";
/** Beside the latencies of servers. */
const PAUSES = "no server: the pauses of the two cores";
const LATE = "\\* The load generator was at its limit or late itself in some round: it answers for some of this.";

const TITLES: Readonly<Record<PartName, string>> = {
  "side-by-side": "Side by side",
  campaigns: "More campaigns",
  "random-places": "Random places",
  cookies: "More cookies",
  images: "Images",
};

export function tablesOf(results: Results): Tables {
  return { readme: readmeOf(results), full: fullOf(results) };
}

function readmeOf(results: Results): string {
  const [group] = groupsOf(results, "side-by-side");
  if (group === undefined) return measured(results);
  const rows = rowsOf(group, group.comparisons[0]!);
  const level = Math.max(
    0,
    rows[0]!.latency.findIndex(({ level }) => level === 0.5),
  );
  const columns: TableColumn[] = [
    { heading: "server", of: ({ label }) => label },
    { heading: "requests a second", isNumber: true, of: (row) => number(row.requestsPerSecond.median) },
    { heading: "against Billboard", of: (row) => against(row.requestsPerSecond) },
    { heading: "processor time a request", isNumber: true, of: (row) => time(row.processorTime.median) },
    { heading: "against Billboard", of: (row) => against(row.processorTime) },
    { heading: "p99 at half load", isNumber: true, of: (row) => latencyOf(row, level, ({ p99 }) => p99?.median) },
    { heading: "at the limit", of: ({ limits }) => limits.join(" or ") },
  ];
  return paragraphs(
    tableOf(columns, rows),
    notesOf(rows),
    pausesLine(group),
    absentOf(results),
    noiseLine(group),
    measured(results),
  );
}

function fullOf(results: Results): string {
  return paragraphs(
    measured(results),
    `${RULE} Other figures: the median of the rounds, and the least and the most.`,
    ...results.groups.flatMap((group) => [
      ...group.comparisons.flatMap((comparison, at) => [
        ...(group.comparisons.findIndex(({ part }) => part === comparison.part) === at
          ? [`### ${TITLES[comparison.part]}`]
          : []),
        ...(comparison.part === "side-by-side"
          ? sideBySide(results, group, rowsOf(group, comparison))
          : [growth(rowsOf(group, comparison))]),
      ]),
      noiseLine(group),
    ]),
  );
}

function sideBySide(results: Results, group: Group, rows: readonly Row[]): string[] {
  const costs: TableColumn[] = [
    { heading: "server", of: ({ label }) => label },
    { heading: "requests a second", of: (row) => spread(row.requestsPerSecond, number) },
    { heading: "against Billboard", of: (row) => against(row.requestsPerSecond) },
    { heading: "processor time a request", of: (row) => spread(row.processorTime, time) },
    { heading: "against Billboard", of: (row) => against(row.processorTime) },
    { heading: "at the limit", of: ({ limits }) => limits.join(" or ") },
  ];
  const others: TableColumn[] = [
    { heading: "server", of: ({ label }) => label },
    { heading: "from start to first answer", of: ({ start }) => spread(start, (value) => time(value * 1000)) },
    { heading: "resident memory", of: ({ memory }) => spread(memory, mebibytes) },
    ...(rows.some(({ newConnections }) => newConnections !== undefined) ? CONNECTIONS : []),
  ];
  const levels = rows[0]!.latency.map(({ level }, at) => [
    `Latency at ${Math.round(level * 100)} % of each server's own saturation, from the moment a request was due:`,
    latencyTable(rows, at, pausesOf(group)),
  ]);
  return [
    tableOf(costs, rows),
    ...absentOf(results),
    ...levels.flat(),
    ...notesOf(rows),
    "The rest:",
    tableOf(others, rows),
  ];
}

const CONNECTIONS: readonly TableColumn[] = [
  {
    heading: "new connections a second",
    of: ({ newConnections: figure }) => (figure === undefined ? NONE : spread(figure, number)),
  },
  {
    heading: "processor time of each",
    of: ({ newConnections: figure }) => (figure === undefined ? NONE : spread(figure.processorTime, time)),
  },
  {
    heading: "at the limit",
    of: ({ newConnections: figure }) => figure?.limits.join(" or ") ?? NONE,
  },
];

function growth(rows: readonly Row[]): string {
  const first = "against the first";
  return tableOf(
    [
      { heading: "what", of: ({ label }) => label },
      { heading: "requests a second", of: (row) => spread(row.requestsPerSecond, number) },
      { heading: first, of: (row) => against(row.requestsPerSecond) },
      { heading: "processor time a request", of: (row) => spread(row.processorTime, time) },
      { heading: first, of: (row) => against(row.processorTime) },
      { heading: "at the limit", of: ({ limits }) => limits.join(" or ") },
      { heading: "from start to first answer", of: ({ start }) => spread(start, (value) => time(value * 1000)) },
      { heading: "resident memory", of: ({ memory }) => spread(memory, mebibytes) },
    ],
    rows,
  );
}

type LatencyFigure = (row: LatencySpread) => number | undefined;

const LATENCIES: readonly { readonly heading: string; readonly figure: LatencyFigure }[] = [
  { heading: "p50", figure: ({ p50 }) => p50?.median },
  { heading: "p99", figure: ({ p99 }) => p99?.median },
  { heading: "p99, least", figure: ({ p99 }) => p99?.least },
  { heading: "p99, most", figure: ({ p99 }) => p99?.most },
  { heading: "p99.9", figure: ({ p999 }) => p999?.median },
  { heading: "the longest of all", figure: ({ max }) => max },
];

function latencyTable(rows: readonly Row[], at: number, pauses: LatencySpread | undefined): string {
  const columns: Column[] = [
    { heading: "server" },
    { heading: "requests a second", isNumber: true },
    ...LATENCIES.map(({ heading }) => ({ heading, isNumber: true })),
  ];
  const servers = rows.map((row) => [
    row.label,
    number(row.latency[at]!.rate.median),
    ...LATENCIES.map(({ figure }) => latencyOf(row, at, figure)),
  ]);
  const alone = pauses === undefined ? [] : [[PAUSES, NONE, ...LATENCIES.map(({ figure }) => time(figure(pauses)!))]];
  return markdownTable(columns, [...alone, ...servers]);
}

function latencyOf({ latency }: Row, at: number, figure: LatencyFigure): string {
  const row = latency[at];
  const value = row === undefined ? undefined : figure(row);
  return value === undefined ? NONE : time(value) + (row!.isLate ? MARK : "");
}

/** How much of a p99 no server is to blame for. */
function pausesLine(group: Group): string[] {
  const pauses = pausesOf(group);
  if (pauses === undefined) return [];
  return [`Without any server, the pauses of the two cores alone make a p99 of ${spread(pauses.p99!, time)}.`];
}

function notesOf(rows: readonly Row[]): string[] {
  return rows.some(({ latency }) => latency.some(({ isLate }) => isLate)) ? [LATE] : [];
}

function absentOf({ absent }: Results): string[] {
  return absent.length === 0
    ? []
    : [`Absent: ${absent.map(({ label, missing }) => `${label} (${missing.join(", ")} not installed)`).join("; ")}.`];
}

function noiseLine(group: Group): string {
  const { requestsPerSecond, processorTime } = noiseOfGroup(group);
  return `Noise: ${ratio(requestsPerSecond.most)} times in requests a second, ${ratio(processorTime.most)} times in processor time a request.`;
}

function measured({ environment, plan, programs }: Results): string {
  const { processor, cores, memory, system, date, versions, commit } = environment;
  const all = Object.entries({ ...versions, ...programs }).map(([name, version]) => `${name} ${version}`);
  const what = `${date}${commit === undefined ? "" : ` at commit ${commit}`}`;
  return `Measured ${what}, in ${plan.rounds} rounds, on ${processor}, ${cores} cores, ${memory} GiB, ${system}: ${all.join(", ")}.`;
}

function groupsOf({ groups }: Results, part: PartName): Group[] {
  return groups.filter(({ comparisons }) => comparisons.some((comparison) => comparison.part === part));
}

function tableOf(columns: readonly TableColumn[], rows: readonly Row[]): string {
  return markdownTable(
    columns,
    rows.map((row) => columns.map(({ of }) => of(row))),
  );
}

function paragraphs(...texts: readonly (string | readonly string[])[]): string {
  return `${texts
    .flat()
    .map((text) => text.trimEnd())
    .join("\n\n")}\n`;
}
