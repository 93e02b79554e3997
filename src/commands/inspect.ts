/** `npm run inspect-index`: what is in an index and why, as JSON or as a table for people. */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Catalog } from "../index/catalog.js";
import { runCommand } from "../options/old-command.js";
import {
  inspectCells,
  inspectHeader,
  inspectionJson,
  type CellFilter,
  type InspectedCell,
  type InspectionHeader,
} from "../index/inspect.js";
import { loadIndex } from "../index/load.js";
import { LARGEST_ID, readId } from "../index/ids.js";

const USAGE = `Usage: npm run inspect-index -- [options]
  --index FILE    the index to look into (dist-index/index.bin)
  --period P      only this period
  --campaign C    only this campaign
  --json          JSON instead of a table
  --help          this text
`;

function* tableLines(header: InspectionHeader, cells: Iterable<InspectedCell>): Generator<string> {
  yield `Index of format ${header.format}, generation ${header.generation}, ${header.periods} period(s)\n`;
  let count = 0;
  for (const cell of cells) {
    count++;
    yield `\nPeriod ${cell.period}, campaign ${cell.campaign}: ${cell.rule}, X = ${cell.x}\n`;
    if (cell.collection.length > 0) yield "    banner          revenue  conversions   clicks  impressions  by\n";
    for (const banner of cell.collection)
      yield [
        String(banner.banner).padStart(10),
        banner.revenue.padStart(16),
        String(banner.conversions).padStart(12),
        String(banner.clicks).padStart(8),
        String(banner.impressions).padStart(12),
        ` ${banner.by}\n`,
      ].join(" ");
    if (cell.random_places > 0)
      yield `  and ${cell.random_places} drawn at each request from the pool of ${cell.pool.length}: ${cell.pool.join(" ")}\n`;
  }
  yield `\n${count} cell(s)\n`;
}

interface Request {
  readonly file: string;
  readonly json: boolean;
  readonly filter: CellFilter;
}

/** Throws what `parseArgs` throws, or a RangeError, for wrong usage; undefined where help is asked for. */
function readArguments(): Request | undefined {
  const { values } = parseArgs({
    options: {
      index: { type: "string", default: "dist-index/index.bin" },
      period: { type: "string" },
      campaign: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const number = (name: string, value: string | undefined): number | undefined => {
    if (value === undefined) return undefined;
    const id = readId(value, 0, value.length);
    if (id === 0) throw new RangeError(`--${name}: got "${value}", expected a whole number from 1 to ${LARGEST_ID}`);
    return id;
  };
  const filter = { period: number("period", values.period), campaign: number("campaign", values.campaign) };
  return values.help ? undefined : { file: values.index, json: values.json, filter };
}

async function inspectIndex({ file, json, filter }: Request): Promise<undefined> {
  const catalog = new Catalog(await loadIndex(file));
  const lines = json
    ? inspectionJson(catalog, filter)
    : tableLines(inspectHeader(catalog), inspectCells(catalog, filter));
  for (const line of lines) if (!process.stdout.write(line)) await once(process.stdout, "drain");
}

// `| head` closes the pipe before all is written; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
await runCommand({
  name: "inspect-index",
  usage: () => USAGE,
  readArguments,
  run: inspectIndex,
  // Whole: it begins with the file's name, which may itself have a line end, and ends with what to do.
  explain: (error) => (error as Error).message,
});
