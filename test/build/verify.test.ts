import t from "tap";
import { verifyCells } from "../../build/verify.js";
import { CAMPAIGN, CELL_NUMBERS, cellCodes, CODES, CellTable } from "../../src/index/cells.js";
import { Catalog } from "../../src/index/catalog.js";
import { decode, type Index } from "../../src/index/format.js";
import { inEveryPeriod, smallIndex } from "../src/small-index.js";

const whole = smallIndex([
  ...inEveryPeriod({ campaign: 7, converting: [3, 1, 2], clicked: [9, 8] }),
  { campaign: 4294967295, period: 2, pool: [1, 2, 3, 4, 5, 6, 4294967295] },
]);

const recordOf = ({ cells }: Index): number => new CellTable(cells, 2).find(7, 1) * CELL_NUMBERS;

await t.test("an index that means what it should is let through", (t) => {
  verifyCells(new Catalog(decode(Uint8Array.from(whole))));
  t.pass();
  t.end();
});

await t.test("an index that a reader could use, and that means what it should not, is not published", (t) => {
  const spoil: [change: (index: Index) => void, message: RegExp][] = [
    [(index) => (index.entryBanner[1] = index.entryBanner[0]!), /^Cell \d+ has banner \d+ twice\.$/],
    [
      (index) => (index.cells[recordOf(index) + CODES] = cellCodes(4, 1, 0)),
      /^Cell \d+ draws random places from banners that have clicks\.$/,
    ],
    [
      (index) => (index.cells[recordOf(index) + CODES] = cellCodes(1, 0, 4)),
      /^Cell \d+ is of a default banner, and has 5 banners\.$/,
    ],
    [
      (index) => (index.cells[recordOf(index) + CAMPAIGN] = 8),
      /^Cell \d+ is of a campaign that is not among the campaigns\.$/,
    ],
    [
      (index) => {
        index.cells.forEach((number, at) => {
          if (at % CELL_NUMBERS === CAMPAIGN && number === 7) index.cells[at] = 4294967295;
        });
      },
      /^There is a campaign without a cell\.$/,
    ],
  ];
  for (const [change, message] of spoil) {
    const index = decode(Uint8Array.from(whole));
    change(index);
    t.throws(
      () => {
        verifyCells(new Catalog(index));
      },
      { message },
    );
  }
  t.end();
});
