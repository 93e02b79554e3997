/** Writes the results as tables for documents, and as one line for the README. */
import { machineOf } from "../environment.js";
import type { Group, Results } from "../results.js";
import { RULE } from "../statistics.js";
import { markdownTable, mebibytes, number, ratio, time, type Column } from "./format.js";
import { noiseOfGroup, rowsOf, type Figure, type LatencyRow, type Row } from "./rows.js";

const NONE = "–";
const LATE = "\\* The load generator was at its limit or late itself in some round: it answers for some of this.";
const NOISY = 1.1;
const LEVEL = 0.5;

const COSTS: readonly Column<Row>[] = [
  { heading: "requests a second", isNumber: true, of: (row) => number(row.requestsPerSecond.median) },
  { heading: "ratio", of: (row) => against(row.requestsPerSecond) },
  { heading: "processor time a request", isNumber: true, of: (row) => time(row.processorTime.median) },
  { heading: "ratio", of: (row) => against(row.processorTime) },
];
const LIMITS: Column<Row> = { heading: "at the limit", of: ({ limits }) => limits.join(" or ") };

export function tablesOf(results: Results): string {
  const { absent, error, plan } = results;
  const missing = absent.map(({ label, missing }) => `${label} (${missing.join(", ")} not installed)`);
  return paragraphs(
    measured(results),
    ...(error === undefined ? [] : [`Incomplete, of ${plan.rounds} rounds: ${error}.`]),
    RULE,
    ...results.groups.flatMap((group) =>
      [isSideBySide(group) ? sideBySide(group) : growth(group), noise(group)].flat(),
    ),
    ...(missing.length === 0 ? [] : [`Absent: ${missing.join("; ")}.`]),
  );
}

export function lineOf(results: Results): string {
  const group = results.groups.find(isSideBySide);
  if (group === undefined) throw new Error("the results have nothing side by side");
  const rows = rowsOf(group, group.comparisons[0]!);
  const rateOf = (name: string): string => {
    const row = rows.find((row) => row.name === name);
    return row === undefined ? NONE : number(row.requestsPerSecond.median);
  };
  const [{ requestsPerSecond, processorTime }] = rows as [Row];
  return (
    `${number(requestsPerSecond.median)} requests a second from one core, at ${time(processorTime.median)} of processor ` +
    `time each.\nOn the same core nginx sends a static file ${rateOf("nginx-static")} times a second, and Fastify with ` +
    `PostgreSQL answers ${rateOf("database")} (${results.environment.date}).`
  );
}

export function isSideBySide({ comparisons }: Group): boolean {
  return comparisons[0]?.part === "side-by-side";
}

function sideBySide(group: Group): string[] {
  const rows = rowsOf(group, group.comparisons[0]!);
  const half = ({ latency }: Row): LatencyRow | undefined => latency.find(({ level }) => level === LEVEL);
  const latency = (percentile: "p50" | "p99"): Column<Row> => ({
    heading: `${percentile} at half load`,
    isNumber: true,
    of: (row) => {
      const spread = half(row)?.[percentile];
      return spread === undefined ? NONE : `${time(spread.median)}${half(row)!.isLate ? " \\*" : ""}`;
    },
  });
  const server: Column<Row> = { heading: "server", of: ({ label }) => label };
  const table = markdownTable([server, ...COSTS, latency("p50"), latency("p99"), LIMITS], rows);
  return [table, ...(rows.some((row) => half(row)?.isLate) ? [LATE] : [])];
}

function growth(group: Group): string {
  const what: Column<Row> = { heading: "what", of: ({ label }) => label };
  const memory: Column<Row> = { heading: "memory", isNumber: true, of: ({ memory }) => mebibytes(memory.median) };
  const rows = group.comparisons.flatMap((comparison) => rowsOf(group, comparison));
  return markdownTable([what, ...COSTS, memory, LIMITS], rows);
}

function against({ against }: Figure): string {
  if (against === undefined) return "1";
  const { median, lower, upper, isDifferent } = against;
  return `${isDifferent ? "" : "≈ "}${ratio(median)} (${ratio(lower)} to ${ratio(upper)})`;
}

function noise(group: Group): string {
  const { requestsPerSecond, processorTime } = noiseOfGroup(group);
  const line = `Noise: ${ratio(requestsPerSecond)} times in requests a second, ${ratio(processorTime)} times in processor time a request.`;
  if (Math.max(requestsPerSecond, processorTime) <= NOISY) return line;
  return `${line} That is much: other programs worked on this machine, and only large differences count.`;
}

function measured({ environment, plan, programs }: Results): string {
  const { date, versions, commit } = environment;
  const all = Object.entries({ ...versions, ...programs }).map(([name, version]) => `${name} ${version}`);
  const what = `${date}${commit === undefined ? "" : ` at commit ${commit}`}`;
  return `Measured ${what}, in ${plan.rounds} rounds, on ${machineOf(environment)}: ${all.join(", ")}.`;
}

function paragraphs(...texts: readonly string[]): string {
  return `${texts.map((text) => text.trimEnd()).join("\n\n")}\n`;
}
