/** An event file to typed rows. */
import { EVENT_ROWS, type RowTaker } from "./event-rows.js";
import type { SourceFile } from "./find.js";
import { readPlainRows } from "./plain-rows.js";
import { readRows, type AfterPiece, type ReadFile } from "./csv-rows.js";

/**
 * Reads a file as a stream and hands over its rows.
 * @throws DataError where the header row is not one
 */
export async function readEvents(
  file: SourceFile,
  taker: RowTaker,
  afterPiece: AfterPiece = () => undefined,
): Promise<ReadFile> {
  // Nearly all rows of nearly all files; csv-parse takes over at the first line that is not plain.
  const plain = await readPlainRows(file, taker, afterPiece);
  return readRows(file.path, EVENT_ROWS[file.kind], taker, plain, afterPiece);
}
