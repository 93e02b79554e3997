/** The public ways of csv-parse to count the rows of a file: each with what it needs at its best. */
import { createReadStream, readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse, Parser, type Options } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";

/** The rows of a file, with its header row. */
export type CountRows = (path: string) => Promise<number>;

/** Bytes of a file that are parsed at once. */
const CHUNK = 1 << 18;

/** What the build asks of csv-parse. */
const AS_THE_BUILD: Options = {
  bom: true,
  max_record_size: 1 << 20,
  record_delimiter: ["\r\n", "\n"],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
};

class CountingParser extends Parser {
  rows = 0;

  constructor(options: Options) {
    super(options);
    this.resume();
  }

  override push(row: unknown): boolean {
    if (row === null) return super.push(null);
    this.rows++;
    return true;
  }
}

function overridingPush(options: Options, chunk = CHUNK): CountRows {
  return async (path) => {
    const parser = new CountingParser(options);
    await pipeline(createReadStream(path, { highWaterMark: chunk }), parser);
    return parser.rows;
  };
}

function onRecord(options: Options): CountRows {
  return async (path) => {
    let rows = 0;
    const on_record = (): undefined => {
      rows++;
    };
    const parser = parse({ ...options, on_record });
    parser.resume();
    await pipeline(createReadStream(path, { highWaterMark: CHUNK }), parser);
    return rows;
  };
}

function dataEvents(options: Options): CountRows {
  return async (path) => {
    let rows = 0;
    const parser = parse(options);
    parser.on("data", () => rows++);
    await pipeline(createReadStream(path, { highWaterMark: CHUNK }), parser);
    return rows;
  };
}

function forAwait(options: Options): CountRows {
  return async (path) => {
    let rows = 0;
    for await (const row of createReadStream(path, { highWaterMark: CHUNK }).pipe(parse(options))) if (row) rows++;
    return rows;
  };
}

/** All rows at once: for files that memory has room for. */
function wholeFile(options: Options): CountRows {
  return (path) => Promise.resolve(parseSync(readFileSync(path), options).length);
}

/** By name. */
export const WAYS = {
  "push, plain": overridingPush({}),
  "push, \\n given": overridingPush({ record_delimiter: "\n" }),
  "push, latin1": overridingPush({ encoding: "latin1" }),
  "push, buffers": overridingPush({ encoding: null }),
  "push, as the build": overridingPush(AS_THE_BUILD),
  "push, as the build, latin1": overridingPush({ ...AS_THE_BUILD, encoding: "latin1" }),
  "push, only bom": overridingPush({ bom: true }),
  "push, only relax_column_count": overridingPush({ relax_column_count: true }),
  "push, only relax_quotes": overridingPush({ relax_quotes: true }),
  "push, only skip_empty_lines": overridingPush({ skip_empty_lines: true }),
  "push, only max_record_size": overridingPush({ max_record_size: 1 << 20 }),
  "push, only record_delimiter \\r\\n and \\n": overridingPush({ record_delimiter: ["\r\n", "\n"] }),
  "push, 16 KiB at once": overridingPush({}, 1 << 14),
  "push, 64 KiB at once": overridingPush({}, 1 << 16),
  "push, 1 MiB at once": overridingPush({}, 1 << 20),
  "data events": dataEvents({}),
  "for await": forAwait({}),
  on_record: onRecord({}),
  sync: wholeFile({}),
} satisfies Record<string, CountRows>;
export type Way = keyof typeof WAYS;

/** None is faster beyond what rounds differ by: those that override `push` are alike, whatever their options and pieces; all others are slower. */
export const FASTEST_WAY: Way = "push, plain";
