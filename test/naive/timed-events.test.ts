import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { rejectedRows } from "../../build/count/account.js";
import { build } from "../../build/stages.js";
import { Catalog } from "../../src/index/catalog.js";
import { inspect } from "../../src/index/inspect.js";
import { loadIndex } from "../../src/index/load.js";
import { COLUMNS } from "./naive-rows.js";
import { naiveIndex, type NaiveFile } from "./naive-index.js";
import { randomTables, type RandomTables, type Table } from "./random-tables.js";
import { writeDataSet } from "./written-data-set.js";

const RUNS = { seed: 20261129, numRuns: 40 } as const;
const HOUR_MS = 3_600_000;
/** Two days, in which clocks are put back in Berlin. */
const FROM = Date.parse("2026-10-24T12:00Z");
const TO = FROM + 48 * HOUR_MS;

interface Zone {
  readonly name: string;
  /** Minutes at FROM, and at TO. */
  readonly offsets: readonly [number, number];
}

const ZONES: readonly Zone[] = [
  { name: "UTC", offsets: [0, 0] },
  { name: "Europe/Berlin", offsets: [120, 60] },
  { name: "Asia/Kathmandu", offsets: [345, 345] },
  { name: "Asia/Tehran", offsets: [210, 210] },
  { name: "America/St_Johns", offsets: [-150, -150] },
];

/** When a row was, and how its time and its ids are written. */
interface Choice {
  /** Of the rows of impressions and clicks: hours into the window, or before and behind it. */
  readonly hour: number;
  readonly share: number;
  readonly form: number;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  hour: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 46 }) }, fc.constantFrom(-30, -2, 49, 80)),
  share: fc.nat(899_999),
  form: fc.nat(5),
});

const two = (number: number): string => String(number).padStart(2, "0");

/** A moment whose local minute is of the period: the hour begins with that of the zone, not of UTC. */
function momentOf(period: number, periods: number, { hour, share }: Choice, offset: number): number {
  const start = FROM + hour * HOUR_MS - (offset % 60) * 60_000;
  return start + (period - 1) * (HOUR_MS / periods) + (share % (HOUR_MS / periods));
}

function written(moment: number, form: number, zone: Zone): string {
  const iso = new Date(moment).toISOString();
  const offset = zone.offsets[moment < Date.parse("2026-10-25T01:00Z") ? 0 : 1];
  const local = new Date(moment + offset * 60_000).toISOString().slice(0, 23);
  const sign = offset < 0 ? "-" : "+";
  const size = Math.abs(offset);
  switch (form) {
    case 0:
      return iso;
    case 1:
      return `${local}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
    case 2:
      return String(moment);
    case 3:
      return (moment / 1000).toFixed(3);
    case 4:
      return iso.replace("T", " ").replace("Z", " UTC");
    default:
      return local.replace("T", " ");
  }
}

/** Numbers stay some of them, and texts that look like other numbers are others. */
function named(id: string): string {
  const forms = [id, `00${id}`, `3f2b8c1e-0000-4000-8000-${id.padStart(12, "0")}`, `gclid ${id}`, `é${id}`];
  return forms[Number(id) % forms.length]!;
}

interface Pair {
  /** In period folders, with numbers as ids, and only what is in the window. */
  readonly plain: readonly NaiveFile[];
  /** Its lines are the same, and those outside are there. */
  readonly timed: readonly NaiveFile[];
  readonly outside: number;
}

function pairOf({ periods, tables }: RandomTables, choices: readonly Choice[], zone: Zone): Pair {
  let at = 0;
  let outside = 0;
  const clicksOutside = new Set<string>();
  const texts = (table: Table): [plain: string, timed: string] => {
    const { kind, period } = table;
    const plain = [COLUMNS[kind].join(",")];
    const timed = [`timestamp,${COLUMNS[kind].join(",")}`];
    for (const row of table.rows) {
      const chosen = choices[at++ % choices.length]!;
      const moment = momentOf(period, periods, chosen, zone.offsets[0]);
      // The hour that comes twice can be told apart with an offset alone.
      const isLocalSafe = moment < Date.parse("2026-10-25T00:00Z") || moment >= Date.parse("2026-10-25T02:00Z");
      const ids = kind === "impressions" ? [] : kind === "clicks" ? row.slice(0, 1) : row.slice(0, 2);
      const isOutside = kind === "conversions" ? clicksOutside.has(row[1]!) : moment < FROM || moment >= TO;
      if (isOutside && kind === "clicks") clicksOutside.add(row[0]!);
      if (isOutside) outside++;
      plain.push(isOutside ? "" : row.join(","));
      const form = isLocalSafe ? chosen.form : chosen.form % 5;
      timed.push([written(moment, form, zone), ...ids.map(named), ...row.slice(ids.length)].join(","));
    }
    return [plain.join("\n"), timed.join("\n")];
  };
  const made = tables.map((table) => {
    const [plain, timed] = texts(table);
    const { kind, period } = table;
    return [
      { path: `${period}/${kind}.csv`, text: plain },
      { path: `${kind}_${period}.csv`, text: timed },
    ] as const;
  });
  return { plain: made.map(([plain]) => plain), timed: made.map(([, timed]) => timed), outside };
}

const folder = t.testdir();

await t.test(
  "timestamps in any form, and ids in any form, give the cells of period folders with the window's rows",
  async (t) => {
    const property = fc.asyncProperty(
      randomTables,
      fc.array(choice, { minLength: 5, maxLength: 50 }),
      fc.constantFrom(...ZONES),
      async (tables, choices, zone) => {
        const { plain, timed, outside } = pairOf(tables, choices, zone);
        const expected = naiveIndex(plain, tables.periods);
        fc.pre(expected.cells.length > 0);
        const root = mkdtempSync(join(folder, "run-"));
        try {
          await writeDataSet(timed, join(root, "data"));
          const timestamps = {
            "time-zone": zone.name,
            periods: tables.periods,
            from: new Date(FROM).toISOString(),
            to: new Date(TO).toISOString(),
          };
          const out = join(root, "out");
          const report = await build({
            data: join(root, "data"),
            banners: undefined,
            out,
            onBadRow: "stop",
            timestamps,
          });
          const { cells } = inspect(new Catalog(await loadIndex(join(out, "index.bin"))));
          assert.deepStrictEqual(cells, expected.cells);
          assert.strictEqual(report.rows.outside, outside);
          assert.strictEqual(rejectedRows(report.rows), 0);
        } finally {
          rmSync(root, { recursive: true });
        }
      },
    );
    await fc.assert(property, RUNS);
    t.pass(`${RUNS.numRuns} data sets`);
  },
);
