/** Reads a file of rows from its first byte to its last: unpacked, as UTF-8, the header row first. */
import { utf8 } from "./encoding.js";
import { RowReader } from "./csv-rows.js";
import { findHeader, type ColumnName, type Header } from "./header.js";
import { PendingText } from "./pending-text.js";
import type { BadRowSink, RowFormat } from "./row-format.js";
import { Source, type FoundBytes } from "./source.js";

export interface FileSummary {
  readonly rows: number;
  readonly unknownColumns: readonly string[];
  /** SHA-256 of the file as it lies on the disk, in hexadecimal. */
  readonly digest: string;
}

/** Reads what lies behind the header row. */
export interface Body {
  readonly rows: number;
  /** Takes what it can of the text; all of it, in the end. */
  read(text: PendingText, isWhole: boolean): void;
}

/** Called with the number of bytes, as they lie on the disk, that were read since the last call. */
export type AfterChunk = (bytes: number) => Promise<void> | undefined;

/** @throws DataError where the header row is missing or wrong, or the file is damaged, or changes */
export async function readTextFile<Sink extends BadRowSink>(
  file: FoundBytes,
  format: RowFormat<Sink>,
  names: readonly ColumnName[] | undefined,
  open: (header: Header) => Body,
  afterChunk: AfterChunk = () => undefined,
): Promise<FileSummary> {
  const source = new Source(file);
  const text = new PendingText();
  let header: Header | undefined;
  let body: Body | undefined;
  let reported = 0;
  const read = (isWhole: boolean): Promise<void> | undefined => {
    if (header === undefined) {
      const found = findHeader(file.path, format, names, text.all, isWhole);
      if (found !== undefined) {
        header = found.header;
        body = open(header);
        text.start += found.bytes;
      }
    }
    body?.read(text, isWhole);
    const bytes = source.bytesRead - reported;
    reported = source.bytesRead;
    return afterChunk(bytes);
  };
  for await (const chunk of utf8(source.unpacked())) {
    text.append(chunk);
    await read(false);
  }
  text.endLastLine();
  await read(true);
  return { rows: body!.rows, unknownColumns: header!.unknown, digest: source.digest };
}

export function readRows<Sink extends BadRowSink>(
  file: FoundBytes,
  format: RowFormat<Sink>,
  sink: Sink,
): Promise<FileSummary> {
  return readTextFile(file, format, undefined, (header) => {
    const reader = new RowReader(header, format, sink);
    return {
      get rows() {
        return reader.rows;
      },
      read: (text, isWhole) => {
        const end = text.isOverLong ? text.end : text.endOfLines;
        reader.read(text.bytes.subarray(text.start, end));
        text.start = end;
        if (isWhole) reader.end();
      },
    };
  });
}
