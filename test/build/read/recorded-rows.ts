/** What the reader makes of one file's text, written down row by row. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { readEvents, type ReadOptions } from "../../../build/read/event-file.js";
import { EVENT_ROWS } from "../../../build/read/event-rows.js";
import type { Kind } from "../../../build/read/find.js";
import { readRows } from "../../../build/read/text-file.js";
import { TypedRows } from "../../../build/read/typed-rows.js";

export interface RecordedRows {
  /** `2: impression of 371 in 7`, `3: malformed: …`: the line, and what was handed over. */
  readonly rows: readonly string[];
  /** As many as the reader says. */
  readonly read: number;
  readonly unknownColumns: readonly string[];
}

const TEXTS: Readonly<Record<Kind, (numbers: readonly number[], revenue: bigint | undefined) => string>> = {
  impressions: ([banner, campaign]) => `impression of ${banner} in ${campaign}`,
  clicks: ([click, banner, campaign]) => `click ${click} on ${banner} in ${campaign}`,
  conversions: ([conversion, click], revenue) => `conversion ${conversion} of click ${click} for ${revenue} millionths`,
  statistics: ([campaign, banner, impressions, clicks, conversions], revenue) =>
    `${banner} in ${campaign}: ${impressions}/${clicks}/${conversions} for ${revenue} millionths`,
};

/** The rows that are there, in the order of their lines. */
export function recorded({ kind, length, numbers, lines, revenues, malformedRows }: TypedRows): string[] {
  const good = Array.from({ length }, (_, row) => ({
    line: lines[row]!,
    text: TEXTS[kind](
      numbers.map((column) => column[row]!),
      revenues[row],
    ),
  }));
  const bad = malformedRows.map(({ line, reason }) => ({ line, text: `malformed: ${reason}` }));
  return [...good, ...bad].sort((a, b) => a.line - b.line).map(({ line, text }) => `${line}: ${text}`);
}

interface ReadTextOptions {
  readonly name?: string;
  readonly options?: ReadOptions;
  /** No row is taken for plain. */
  readonly isAllCsv?: boolean;
}

/** @throws what `readEvents` throws; it names the file as a path that ends with `events.csv`, or another name */
export async function readText(
  t: Test,
  kind: Kind,
  text: string | Uint8Array,
  { name = "events.csv", options, isAllCsv = false }: ReadTextOptions = {},
): Promise<RecordedRows> {
  const path = join(t.testdir(), name);
  writeFileSync(path, text);
  const typed = new TypedRows(kind);
  const rows: string[] = [];
  const afterChunk = (): undefined => {
    for (const row of recorded(typed)) rows.push(row);
    typed.clear();
  };
  const file = { kind, path };
  const { rows: read, unknownColumns } = isAllCsv
    ? await readRows(file, EVENT_ROWS[kind], typed)
    : await readEvents(file, typed, afterChunk, options);
  afterChunk();
  return { rows, read, unknownColumns };
}
