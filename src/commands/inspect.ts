/** Prints what is in an index and why, as JSON or as a table for people. */
import { once } from "node:events";
import { Catalog } from "../index/catalog.js";
import { LARGEST_ID } from "../index/ids.js";
import { inspectCells, inspectHeader, inspectionJson, type CellFilter } from "../index/inspect.js";
import { loadIndex } from "../index/load.js";
import { percentText } from "../index/wording.js";
import { command } from "../options/command.js";
import { printable } from "../options/printable.js";
import { FILE, wholeNumber } from "../options/values.js";

export const inspect = command({
  name: "billboard inspect",
  summary: "Print what is in an index, and why each banner is.",
  options: {
    index: { ...FILE, default: "dist-index/index.bin", help: "the index to look into" },
    period: { ...wholeNumber(1, LARGEST_ID), placeholder: "P", help: "only this period" },
    campaign: { ...wholeNumber(1, LARGEST_ID), placeholder: "C", help: "only this campaign" },
    json: { help: "JSON instead of a table" },
  },
  run: async ({ index, json, ...filter }) => {
    // `| head` closes the pipe before all is written; that is no failure.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
    const catalog = new Catalog(await loadIndex(index));
    const lines = json ? inspectionJson(catalog, filter) : tableLines(catalog, filter);
    for (const line of lines) if (!process.stdout.write(line)) await once(process.stdout, "drain");
    return 0;
  },
  // The whole message: it begins with the file's name, which may have a line end, and ends with what to do.
  explain: (error) => (error as Error).message,
});

function* tableLines(catalog: Catalog, filter: CellFilter): Generator<string> {
  const { format, generation, periods, exploration } = inspectHeader(catalog);
  const { timeZone } = catalog.index;
  const zone = timeZone === undefined ? "" : ` of ${printable(timeZone)}`;
  yield `Index of format ${format}, generation ${generation}, ${periods} period(s)${zone}\n`;
  if (exploration !== undefined)
    yield `Of the decisions, ${percentText(exploration)} draw from all banners of a cell\n`;
  let count = 0;
  for (const cell of inspectCells(catalog, filter)) {
    count++;
    const name = catalog.nameOf(cell.campaign);
    const campaign = name === "" ? cell.campaign : `${cell.campaign} (${printable(name)})`;
    yield `\nPeriod ${cell.period}, campaign ${campaign}: ${cell.rule}, X = ${cell.x}\n`;
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
    const { random_places: drawn, pool, behind_cut: behind = [] } = cell;
    if (drawn > 0) yield `  and ${drawn} drawn at each request from the pool of ${pool.length}: ${pool.join(" ")}\n`;
    if (behind.length > 0) yield `  and ${behind.length} behind the cut, by exploration: ${behind.join(" ")}\n`;
  }
  yield `\n${count} cell(s)${count === 0 ? whyNone(catalog, filter) : ""}\n`;
}

function whyNone({ index: { campaignIds, counts } }: Catalog, { campaign, period = 1 }: CellFilter): string {
  if (period > counts.periods) return `: the index has the periods 1 to ${counts.periods}`;
  if (campaign !== undefined && !campaignIds.includes(campaign)) return `: campaign ${campaign} is not in the index`;
  return "";
}
