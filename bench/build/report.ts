/** Writes the figures of a build beside DuckDB's, and what was checked. */
import { machineOf } from "../environment.js";
import { markdownTable, mebibytes, ratio, spread, whole } from "../report/format.js";
import { spreadOf, type Spread } from "../statistics.js";
import { EVENT_KINDS } from "./events.js";
import type { BuildResults, Round, TimedCost } from "./run-build.js";

const FIGURES: readonly (readonly [
  name: string,
  of: (cost: TimedCost) => number,
  format: (value: number) => string,
])[] = [
  ["wall time", ({ seconds }) => seconds, inSeconds],
  ["processor time", ({ processorTime }) => processorTime, inSeconds],
  ["peak memory", ({ peakMemory }) => peakMemory, mebibytes],
];

function inSeconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

export function summaryOf({ environment, data, threads, found, rounds }: BuildResults): string {
  const over = (of: (round: Round) => number): Spread => spreadOf(rounds.map(of));
  const table = markdownTable(
    [
      { heading: "whole process", of: ([name]) => name },
      {
        heading: "Billboard",
        of: ([, of, format]) =>
          spread(
            over(({ billboard }) => of(billboard)),
            format,
          ),
      },
      {
        heading: "DuckDB",
        of: ([, of, format]) =>
          spread(
            over(({ duckdb }) => of(duckdb)),
            format,
          ),
      },
      {
        heading: "ratio",
        of: ([, of]) =>
          spread(
            over(({ billboard, duckdb }) => of(billboard) / of(duckdb)),
            ratio,
          ),
      },
    ],
    FIGURES,
  );
  const { stages, cells, indexBytes, generation } = rounds[0]!.billboard.built!;
  const stageTimes = Object.keys(stages).map((stage) => {
    return `${stage} ${over(({ billboard }) => billboard.built!.stages[stage]! / 1000).median.toFixed(2)}`;
  });
  const kinds = EVENT_KINDS.map((kind) => `${whole(data[kind])} ${kind}`).join(", ");
  const rejected = `${whole(found.duplicate)} duplicate, ${whole(found.conflict)} conflict, ${whole(found.orphan)} orphan`;
  const { "Node.js": node, DuckDB: duckdb } = environment.versions;
  const lines = {
    "Data:": `${kinds}; ${data.periods} periods, ${whole(data.bytes)} bytes, seed ${data.seed}`,
    "Machine:": `${machineOf(environment)}, Node.js ${node!}, DuckDB ${duckdb!}`,
    "Measured:": `${rounds.length} rounds in turns, ${threads} threads; the median (the least to the most)`,
    "Billboard's stages:": `${stageTimes.join(", ")} s`,
    "Index:": `${whole(cells)} cells, ${whole(indexBytes)} bytes, generation ${generation}`,
    "Checked:": `${whole(found.read)} rows read, ${whole(found.used)} used, ${rejected}: as planted, in every build`,
    "  against DuckDB:": "its statistics give the same index, byte for byte, in every round",
  };
  const text = Object.entries(lines).map(([label, value]) => `${label.padEnd(21)}${value}\n`);
  return `${text.join("")}\n${table}`;
}
