/** What the reader makes of one file's text, written down row by row. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import type { Kind } from "../../../build/read/find.js";
import { readEvents } from "../../../build/read/event-file.js";

export interface RecordedRows {
  /** `2: impression of 371 in 7`, `3: malformed: …`: the line, and what was handed over. */
  readonly rows: readonly string[];
  /** As many as the reader says. */
  readonly read: number;
  readonly unknownColumns: readonly string[];
}

/** @throws what `readEvents` throws; it names the file as a path that ends with `events.csv` */
export async function readText(t: Test, kind: Kind, text: string | Uint8Array): Promise<RecordedRows> {
  const path = join(t.testdir(), "events.csv");
  writeFileSync(path, text);
  const rows: string[] = [];
  const { rows: read, unknownColumns } = await readEvents(
    { kind, path },
    {
      impression: (banner, campaign, line) => rows.push(`${line}: impression of ${banner} in ${campaign}`),
      click: (click, banner, campaign, line) => rows.push(`${line}: click ${click} on ${banner} in ${campaign}`),
      conversion: (conversion, click, revenue, line) =>
        rows.push(`${line}: conversion ${conversion} of click ${click} for ${revenue} millionths`),
      statistics: (campaign, { banner, impressions, clicks, conversions, revenue }, line) =>
        rows.push(
          `${line}: ${banner} in ${campaign}: ${impressions}/${clicks}/${conversions} for ${revenue} millionths`,
        ),
      malformed: (line, reason) => rows.push(`${line}: malformed: ${reason}`),
    },
  );
  return { rows, read, unknownColumns };
}
