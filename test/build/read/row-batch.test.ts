import t from "tap";
import {
  BatchWriter,
  buffersOf,
  sizeOf,
  deliver,
  type BatchSink,
  type RowBatch,
} from "../../../build/read/row-batch.js";

/** Hands rows to a batch: the numbers in the order of the kind's columns, then the revenue. */
function add({ rows }: BatchWriter, line: number, numbers: readonly number[], revenue?: bigint): void {
  rows.reserve(1);
  numbers.forEach((number, column) => (rows.numbers[column]![rows.length] = number));
  if (revenue !== undefined) rows.revenues[rows.length] = revenue;
  rows.add(line);
}

/** What a batch hands over, row by row. */
function taken(batch: RowBatch): string[] {
  const rows: string[] = [];
  let texts: readonly Uint32Array[] = [];
  const id = (column: number, id: number): string =>
    id < 0 ? texts[column]!.subarray(~id, ~id + 4).join(".") : String(id);
  const click: BatchSink["click"] = (click, banner, campaign, line, period) => {
    const when = period === undefined ? "" : ` in period ${period}`;
    rows.push(`${line}: click ${id(0, click)} on ${banner} in ${campaign}${when}`);
  };
  const conversion: BatchSink["conversion"] = (conversion, click, revenue, line) =>
    rows.push(`${line}: ${id(0, conversion)} of ${id(1, click)} for ${revenue}`);
  const sink: BatchSink = {
    impressions: (banner, campaign, count, period) =>
      rows.push(
        `${count} impressions of ${banner} in ${campaign}${period === undefined ? "" : ` in period ${period}`}`,
      ),
    impressionRows: (inside, outside) => outside > 0 && rows.push(`${inside} inside, ${outside} outside`),
    texts: (words) => (texts = words),
    batch: (given) => {
      if (given !== batch) throw new Error("another batch");
    },
    clicks: ({ columns: [ids, banners, campaigns, lines], periods }, tellMalformed) => {
      ids!.forEach((id, row) => {
        tellMalformed(lines![row]!);
        click(id, banners![row]!, campaigns![row]!, lines![row]!, periods?.[row]);
      });
    },
    click,
    conversions: ({ columns: [ids, clickIds, lines], revenues }, tellMalformed) => {
      ids!.forEach((id, row) => {
        tellMalformed(lines![row]!);
        conversion(id, clickIds![row]!, revenues[row]!, lines![row]!);
      });
    },
    conversion,
    statistics: (campaign, { banner, impressions, clicks, conversions, revenue }, line) =>
      rows.push(`${line}: ${banner} in ${campaign}: ${impressions}/${clicks}/${conversions} ${revenue}`),
    malformed: (line, reason) => rows.push(`${line}: ${reason}`),
  };
  deliver(batch, sink);
  return rows;
}

await t.test("rows come out in the order of their lines, good and bad ones", (t) => {
  const writer = new BatchWriter("clicks");
  writer.rows.malformed(2, "bad");
  add(writer, 3, [1, 371, 7]);
  writer.rows.malformed(4, "worse");
  writer.rows.malformed(5, "worst");
  add(writer, 6, [4294967295, 372, 8]);
  writer.rows.malformed(7, "last");
  const batch = writer.flush(123);
  t.strictSame([batch.rows, batch.bytes], [6, 123]);
  t.strictSame(taken(batch), [
    "2: bad",
    "3: click 1 on 371 in 7",
    "4: worse",
    "5: worst",
    "6: click 4294967295 on 372 in 8",
    "7: last",
  ]);
  t.end();
});

await t.test("conversions and statistics come out as they went in", (t) => {
  const conversions = new BatchWriter("conversions");
  add(conversions, 2, [5, 6], -(2n ** 63n));
  add(conversions, 3, [7, 8], 9n);
  t.strictSame(taken(conversions.flush(0)), [`2: 5 of 6 for ${-(2n ** 63n)}`, "3: 7 of 8 for 9"]);
  const statistics = new BatchWriter("statistics");
  add(statistics, 2, [7, 371, 1, 2, 3], 4n);
  statistics.rows.malformed(3, "bad");
  t.strictSame(taken(statistics.flush(0)), ["2: 371 in 7: 1/2/3 4", "3: bad"]);
  t.end();
});

await t.test("a batch has what came since the last one, and stays as it was when others follow", (t) => {
  const writer = new BatchWriter("clicks");
  for (let line = 2; line < 5000; line++) add(writer, line, [line, 1, 2]);
  const first = writer.flush(10);
  const rows = taken(first);
  add(writer, 5000, [1, 3, 4]);
  const second = writer.flush(20);
  t.strictSame([first.rows, second.rows, second.bytes], [4998, 1, 20]);
  t.strictSame(taken(second), ["5000: click 1 on 3 in 4"]);
  t.strictSame(taken(first), rows);
  t.strictSame(taken(writer.flush(0, true)), []);
  t.end();
});

await t.test("impressions are added up by pair until the last batch", (t) => {
  const writer = new BatchWriter("impressions");
  for (const [banner, campaign] of [
    [371, 7],
    [7, 371],
    [371, 7],
  ] as const)
    add(writer, 2, [banner, campaign]);
  writer.rows.malformed(5, "bad");
  const first = writer.flush(10);
  t.equal(first.rows, 4, "they are counted as rows at once");
  t.strictSame(taken(first), ["5: bad"]);
  add(writer, 6, [371, 7]);
  const last = writer.flush(0, true);
  t.equal(last.rows, 1);
  t.strictSame(taken(last).sort(), ["1 impressions of 7 in 371", "3 impressions of 371 in 7"]);
  t.end();
});

await t.test("many pairs of impressions are handed on before the last batch, and none twice", (t) => {
  const writer = new BatchWriter("impressions");
  const pairs = (1 << 20) + 1;
  for (let banner = 1; banner <= pairs; banner++) add(writer, 2, [banner, 7]);
  const count = (batch: RowBatch): number => batch.views.reduce((sum, each) => sum + each, 0);
  t.equal(count(writer.flush(0)), pairs);
  add(writer, 2, [1, 7]);
  t.strictSame(taken(writer.flush(0)), []);
  t.strictSame(taken(writer.flush(0, true)), ["1 impressions of 1 in 7"]);
  t.end();
});

await t.test("a batch gives away memory of its own, as much as it says", (t) => {
  const writer = new BatchWriter("conversions");
  for (let line = 2; line < 1002; line++) add(writer, line, [line, 1], 2n);
  const batch = writer.flush(0);
  t.strictSame(
    buffersOf(batch).map(({ byteLength }) => byteLength),
    [4000, 4000, 4000, 0, 8000],
  );
  t.equal(sizeOf(batch), 20000);
  writer.rows.malformed(3, "bad");
  t.ok(sizeOf(writer.flush(0)) > 0, "reasons take memory too");
  t.end();
});

/** Words that a hash never has, so that they are seen to come from this place. */
function addText(writer: BatchWriter, line: number, numbers: readonly number[], ...columns: readonly number[]): void {
  const { rows } = writer;
  rows.reserve(1);
  for (const column of columns) {
    rows.setText(column, Buffer.from(""), 0, 0);
    rows.texts[column]!.set([line, column, 3, 4294967295], rows.length * 4);
  }
  add(
    writer,
    line,
    numbers.map((number, column) => (columns.includes(column) ? 0 : number)),
    writer.kind === "conversions" ? 1n : undefined,
  );
}

await t.test(
  "ids that are texts come out as their hashes, in their rows and columns, and cost other batches nothing",
  (t) => {
    const conversions = new BatchWriter("conversions");
    addText(conversions, 2, [5, 6]);
    addText(conversions, 3, [0, 6], 0);
    addText(conversions, 4, [0, 0], 0, 1);
    addText(conversions, 5, [5, 0], 1);
    const batch = conversions.flush(0);
    t.strictSame(taken(batch), [
      "2: 5 of 6 for 1",
      "3: 3.0.3.4294967295 of 6 for 1",
      "4: 4.0.3.4294967295 of 4.1.3.4294967295 for 1",
      "5: 5 of 5.1.3.4294967295 for 1",
    ]);
    addText(conversions, 6, [5, 6]);
    const next = conversions.flush(0);
    t.strictSame(next.texts, []);
    t.strictSame(taken(next), ["6: 5 of 6 for 1"]);
    t.end();
  },
);

await t.test(
  "rows that have their time come out with their period, and those outside of the window are counted",
  (t) => {
    const times = { timeZone: "UTC", periods: 4, from: undefined, to: undefined };
    const clicks = new BatchWriter("clicks", times);
    const impressions = new BatchWriter("impressions", times);
    [3, 1, 0, 3].forEach((period, at) => {
      for (const [{ rows }, numbers] of [[clicks, [1, 371, 7]] as const, [impressions, [371, 7, 5]] as const]) {
        rows.reserve(1);
        rows.periods[rows.length] = period;
        numbers.forEach((number, column) => (rows.numbers[column]![rows.length] = number));
        rows.add(at + 2);
      }
    });
    t.strictSame(taken(clicks.flush(0)), [
      "2: click 1 on 371 in 7 in period 3",
      "3: click 1 on 371 in 7 in period 1",
      "4: click 1 on 371 in 7 in period 0",
      "5: click 1 on 371 in 7 in period 3",
    ]);
    impressions.rows.hasCounts = true;
    t.strictSame(taken(impressions.flush(0, true)), [
      "3 inside, 1 outside",
      "5 impressions of 371 in 7 in period 1",
      "10 impressions of 371 in 7 in period 3",
    ]);
    t.end();
  },
);
