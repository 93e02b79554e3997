/** Draws what a build read: where every row went, what came of each file, and what is remarkable. */
import type { ComponentChildren, VNode } from "preact";
import { count, counted } from "../../src/index/wording.js";
import type { Account, PageData, PageFile, PageRows, Remark } from "../../build/report/page-data.js";
import type { Column } from "../column.js";
import { Card, Facts } from "../parts.js";
import { Table } from "../table.js";

const MEANINGS: Readonly<Record<string, string>> = {
  malformed: "with a wrong number of fields, no number, or a number out of range",
  duplicate: "that say the same as an earlier one of the same id; the first counts",
  conflict: "that have the id of an earlier one and say something else; the first counts",
  orphan: "of conversions whose click is in no file, or of names and texts of what is in no event",
  "duplicate file": "of a file with the same bytes as an earlier one",
};

export function DataView({ of: { account, overview } }: { readonly of: PageData }): VNode {
  const { index_bytes, timestamps, remarks } = account;
  return (
    <>
      <Card id="data" title="What the build read" Heading="h1">
        <Facts
          of={[
            ["Generation", <code>{overview.generation}</code>],
            ["Index", bytesText(index_bytes)],
            ["Periods of the hour", `${overview.periods} of ${counted(60 / overview.periods, "minute")}`],
            ["Time zone", timestamps?.time_zone],
            ["Events from", timestamps?.from ?? ""],
            ["To before", timestamps?.to ?? ""],
          ]}
        />
        {remarks.length === 0 && <p>All is well: nothing is remarkable.</p>}
        <ul class="remarks" id="remarks">
          {remarks.map(remarkItem)}
        </ul>
      </Card>
      <Rows of={account} />
    </>
  );
}

function remarkItem({ is_alarm: isAlarm, text, names, accept }: Remark): VNode {
  const more = names && names.count - names.first.length;
  return (
    <li key={text} class={isAlarm ? "alarm" : undefined}>
      <span class="pill">{isAlarm ? "Look" : "Note"}</span>
      <div>
        {/* Each isolated, so that no writing direction leaks out of it. */}
        {text} {names?.first.map((name, at) => [at > 0 && ", ", <bdi key={at}>{name}</bdi>])}
        {more ? ` and ${count(more)} more, see report.json` : ""}
        {accept && (
          <p>
            Correct the data, or publish all the same with <code>--accept {accept}</code>.
          </p>
        )}
      </div>
    </li>
  );
}

interface Line extends PageRows {
  readonly file?: PageFile;
}

const rejectedOf = ({ rejected }: PageRows): number => Object.values(rejected).reduce((sum, rows) => sum + rows, 0);

function Rows({ of: { rows, files, is_balanced } }: { readonly of: Account }): VNode {
  const kinds = Object.keys(rows.rejected).filter((kind) => rows.rejected[kind]! > 0);
  const outside = rows.outside === undefined ? "" : ` + ${count(rows.outside)} outside of the window`;
  const sum = `${counted(rows.read, "row")} read = ${count(rows.used)} used + ${count(rejectedOf(rows))} rejected${outside}`;
  const bytes = files.reduce((all, file) => all + file.bytes, 0);
  const columns: readonly (Column<Line> | false)[] = [
    { id: "file", head: "File", isText: true },
    { id: "period", head: "Period", value: ({ file }) => file && (file.period ?? "–") },
    { id: "read", head: "Rows read", as: "count", value: ({ read }) => read },
    { id: "used", head: "Used", as: "count", value: ({ used }) => used },
    { id: "rejected", head: "Rejected", as: "count", value: rejectedOf },
    ...(kinds.length > 1 ? kinds : []).map((kind): Column<Line> => {
      const title = `Rejected: rows ${MEANINGS[kind]!}`;
      return { id: kind.replace(" ", "-"), head: kind, title, as: "count", value: ({ rejected }) => rejected[kind]! };
    }),
    outside !== "" && { id: "outside", head: "Outside of the window", as: "count", value: (of) => of.outside },
    { id: "size", head: "Size", value: ({ file }) => bytesText(file?.bytes ?? bytes) },
    { id: "digest", head: "SHA-256", isText: true },
  ];
  const lines: readonly Line[] = [...files.map((file) => ({ ...file, file })), rows];
  return (
    <Card id="every-row" title="Every row">
      <p>
        {sum}
        {is_balanced ? ": every row is accounted for." : ": that does not add up."}
      </p>
      <Facts
        id="rejects"
        as="kinds"
        of={kinds.map((kind) => [counted(rows.rejected[kind]!, `${kind} row`), MEANINGS[kind]])}
      />
      <Table
        id="rows"
        caption="Where the rows of each file went"
        columns={columns.filter((column) => column !== false)}
        cells={{
          file: ({ file }) => (file ? nameOf(file) : "All files"),
          // A table of a database has none.
          digest: ({ file }) =>
            file && (file.sha256 ? <code title={file.sha256}>{file.sha256.slice(0, 8)}</code> : "–"),
        }}
        rows={lines}
        classOf={({ file }) => (file ? "" : "sum")}
      />
    </Card>
  );
}

const nameOf = ({ file, duplicate_of }: PageFile): ComponentChildren => [
  <bdi>{file}</bdi>,
  duplicate_of && <small>{[" same bytes as ", <bdi>{duplicate_of}</bdi>]}</small>,
];

function bytesText(bytes: number): string {
  if (bytes < 1000) return counted(bytes, "byte");
  const [unit, size] = bytes < 1e6 ? ["kB", bytes / 1e3] : bytes < 1e9 ? ["MB", bytes / 1e6] : ["GB", bytes / 1e9];
  return `${size.toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${unit}`;
}
