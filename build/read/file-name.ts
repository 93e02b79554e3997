/** Tells by a file's name which kind of events it has or which list it is, and why it cannot be read. */
import { READS_ZSTD } from "./source.js";

/** In reading order: a conversion needs its click. */
export const KINDS = ["impressions", "clicks", "conversions", "statistics"] as const;
export type Kind = (typeof KINDS)[number];

export const EVENT_KINDS = KINDS.filter((kind) => kind !== "statistics");

export function kindOf(name: string): Kind | undefined {
  return KINDS.find((kind) => name.toLowerCase().startsWith(kind));
}

const READ = /\.(?:csv|tsv)(?:\.(?:gz|zst))?$/i;

const REMEDIES: readonly (readonly [ending: RegExp, remedy: string])[] = [
  [/\.(xlsx?|xlsm|ods|numbers)$/i, "save it as CSV"],
  [/\.(parquet|avro|orc|jsonl?|ndjson|xml)$/i, "export it as CSV"],
  [/\.(zip|bz2|xz|7z|rar|tar|tgz|lz4|br|z)$/i, "unpack it, or pack it with gzip"],
  [/^[^.]*$|\.(txt|dat|log|tab|gz|zst)$/i, "where it is CSV, let its name say so"],
];

/** Whether all of a file's name but its ending is `list`, in letters of any case. */
export function isNamed(name: string, list: string): boolean {
  return name.replace(READ, "").toLowerCase() === list && READ.test(name);
}

/** Undefined where a file of that name can be read. */
export function nameError(name: string, kind: string): string | undefined {
  if (/\.zst$/i.test(name) && READ.test(name))
    return READS_ZSTD
      ? undefined
      : `Node.js ${process.versions.node} cannot unpack it: build with Node.js 22.15 or later, or unpack it with zstd -d`;
  if (READ.test(name)) return undefined;
  const remedy = REMEDIES.find(([ending]) => ending.test(name))?.[1];
  return (
    `is named as ${kind}, but not .csv or .tsv, with or without .gz or .zst behind it: ` +
    `${remedy === undefined ? "" : `${remedy}, or `}rename it so that it does not begin with "${kind}"`
  );
}

/** The name without what tells that it is packed. */
export function unpackedName(name: string): string {
  return name.replace(/\.(?:gz|zst)$/i, "");
}
