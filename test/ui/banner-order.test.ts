import t from "tap";
import type { BannerRow, Campaign, Cell } from "../../src/view/rows.js";
import { readAddress } from "../../ui/address.js";
import { BANNER_COLUMNS, bannersOf, CUT_ORDER, type BannerColumn } from "../../ui/campaign/banners.js";
import { sortedBy, sortingOf, type Sorting } from "../../ui/column.js";

const row = (banner: number, clicks: number, conversions: number, revenue: string): BannerRow => ({
  banner,
  impressions: 100,
  clicks,
  conversions,
  revenue,
  by: null,
});

/** In the order of the cut. Two revenues are the same number in floating point. */
const banners = [
  row(30, 8, 2, "9007199254740992.000001"),
  row(9, 4, 2, "9007199254740992.000000"),
  row(4, 0, 0, "0.000000"),
  row(5, 2, 0, "-1.000000"),
];
const campaign: Campaign = {
  generation: "a",
  campaign: 1,
  name: "",
  cells: [],
  banners: Object.fromEntries([
    [30, { name: "Offer 10", link: "" }],
    [9, { name: "Offer 9", link: "" }],
    [4, { name: "", link: "" }],
    [5, { name: "", link: "" }],
  ]),
};

const cell: Cell = { period: 1, rule: "top-x", x: 2, fixed: 2, random_places: 0, banners };

const order = (by: BannerColumn, direction: Sorting["direction"]): number[] =>
  sortedBy(bannersOf(campaign, cell), BANNER_COLUMNS, { by, direction }).map(({ banner }) => banner);

await t.test("banners are sorted both ways by each column, exactly, and what has no value is last", (t) => {
  t.same(order("place", "ascending"), [30, 9, 4, 5]);
  t.same(order("place", "descending"), [5, 4, 9, 30]);
  t.same(order("revenue", "ascending"), [5, 4, 9, 30]);
  t.same(order("share", "descending"), [30, 9, 4, 5]);
  t.same(order("banner", "ascending"), [4, 5, 9, 30]);
  t.same(order("name", "ascending"), [9, 30, 4, 5]);
  t.same(order("name", "descending"), [30, 9, 4, 5]);
  t.same(order("conversion_rate", "ascending"), [5, 30, 9, 4]);
  t.same(order("conversion_rate", "descending"), [9, 30, 5, 4]);
  t.same(order("impressions", "descending"), [30, 9, 4, 5], "equals stay in the order of the cut");
  for (const { id } of BANNER_COLUMNS) t.equal(new Set(order(id, "descending")).size, 4, id);
  t.end();
});

await t.test("the address says by what, and no other word does", (t) => {
  const sortingIn = (text: string): Sorting => sortingOf(BANNER_COLUMNS, readAddress(text)) ?? CUT_ORDER;
  t.same(sortingIn(""), { by: "place", direction: "ascending" });
  t.same(sortingIn("table_sort=clicks"), { by: "clicks", direction: "descending" });
  t.same(sortingIn("table_sort=clicks&table_direction=ascending"), { by: "clicks", direction: "ascending" });
  for (const word of ["constructor", "standing"])
    t.same(sortingIn(`table_sort=${word}`), { by: "place", direction: "ascending" }, word);
  t.end();
});
