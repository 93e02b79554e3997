/** Reads `placements.csv`: banners that are in a campaign's cells whether they have events there or not. */
import { readId } from "../src/index/ids.js";
import type { FileAccount } from "./count/account.js";
import type { EventCounts } from "./count/counters.js";
import type { RejectLog } from "./count/rejects.js";
import { readTable, type Table } from "./count/table.js";
import type { BadRows } from "./read/data-error.js";
import { idError } from "./read/event-rows.js";
import { IdMap } from "./read/id-map.js";
import type { BadRowSink, RowFormat } from "./read/row-format.js";

interface PlacementSink extends BadRowSink {
  row(campaign: number, banner: number, line: number): void;
}

const COLUMNS = ["campaign_id", "banner_id"] as const;

const PLACEMENT_ROWS: RowFormat<PlacementSink> = {
  columns: COLUMNS,
  parse: (row, line, columns, sink) => {
    const texts = columns.map((column) => row[column]!.trim());
    const [campaign, banner] = texts.map((text) => readId(text));
    const wrong = campaign === 0 ? 0 : 1;
    if (campaign === 0 || banner === 0) return idError(COLUMNS[wrong], texts[wrong]!);
    sink.row(campaign!, banner!, line);
    return undefined;
  },
};

/** Puts the banners into `counts`: each is in its campaign's cell of every period then. */
export function readPlacements(
  file: Pick<Table, "path" | "name">,
  counts: EventCounts,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<FileAccount> {
  const pairs = new IdMap(2);
  const lines: number[] = [];
  return readTable(
    { ...file, kind: "placements" },
    PLACEMENT_ROWS,
    ({ use, reject }) => ({
      row: (campaign: number, banner: number, line: number) => {
        const pair = pairs.add(campaign, banner);
        if (pair < lines.length) {
          reject(line, "duplicate", `banner_id ${banner} is placed in campaign_id ${campaign} before`, lines[pair]);
          return;
        }
        lines.push(line);
        counts.place(campaign, banner);
        use();
      },
    }),
    badRows,
    rejects,
  );
}
