/** Results to the tables that documents show: a short one, and all of them. */
import type { Group, Results } from "./results.js";
import { markdownTable, type Column } from "./markdown.js";
import type { PartName } from "./plan.js";
import { RULE } from "./statistics.js";
import { noiseOfGroup, rowsOf, type LatencyRow, type Row } from "./summary.js";
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
  return paragraphs(tableOf(columns, rows), notesOf(rows), absentOf(results), noiseLine(group), measured(results));
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
          ? sideBySide(results, rowsOf(group, comparison))
          : [growth(rowsOf(group, comparison))]),
      ]),
      noiseLine(group),
    ]),
  );
}

function sideBySide(results: Results, rows: readonly Row[]): string[] {
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
    latencyTable(rows, at),
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

function latencyTable(rows: readonly Row[], at: number): string {
  const column = (heading: string, figure: (row: LatencyRow) => number | undefined): TableColumn => ({
    heading,
    isNumber: true,
    of: (row) => latencyOf(row, at, figure),
  });
  return tableOf(
    [
      { heading: "server", of: ({ label }) => label },
      { heading: "requests a second", isNumber: true, of: ({ latency }) => number(latency[at]!.rate.median) },
      column("p50", ({ p50 }) => p50?.median),
      column("p99", ({ p99 }) => p99?.median),
      column("p99, least", ({ p99 }) => p99?.least),
      column("p99, most", ({ p99 }) => p99?.most),
      column("p99.9", ({ p999 }) => p999?.median),
      column("the longest of all", ({ max }) => max),
    ],
    rows,
  );
}

function latencyOf({ latency }: Row, at: number, figure: (row: LatencyRow) => number | undefined): string {
  const row = latency[at];
  const value = row === undefined ? undefined : figure(row);
  return value === undefined ? NONE : time(value) + (row!.isLate ? MARK : "");
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
