/** Lists the campaigns of the sample: every rule of the collection and every case of it is the business of one. */
import { BANNER_WITHOUT_IMAGE } from "./banners.js";
import { cell, clicked, exact, type CellDesign } from "./cell-design.js";

export const PERIODS = [1, 2, 3, 4] as const;

/** The rows of the table of collections: X of 10 or more, of 5 to 9, of 1 to 4, of 0. */
export type Rule = "top-10" | "top-x" | "fill-by-clicks" | "by-clicks";

export interface Campaign {
  readonly id: number;
  readonly shows: string;
  /** The rules that its cells come under, each once, in order of their first period. */
  readonly rules: readonly Rule[];
  readonly cells: readonly (CellDesign | undefined)[];
}

const ABSENT = undefined;
const LIVELY = [cell(18, 7, 4), cell(14, 9, 6), cell(21, 5, 3), cell(16, 8, 5)];
const RISING = [cell(12, 9, 6), cell(15, 7, 5), cell(19, 5, 4), cell(24, 4, 2)];
const FALLING = [cell(23, 5, 3), cell(19, 6, 4), cell(14, 8, 5), cell(11, 9, 7)];
const EVEN = [cell(15, 6, 4), cell(15, 6, 4), cell(16, 5, 4), cell(15, 6, 4)];

export const CAMPAIGNS: readonly Campaign[] = [
  { id: 1, shows: "the first page: a lively campaign, other winners in each period", rules: ["top-10"], cells: LIVELY },
  { id: 2, shows: "converts more from period to period", rules: ["top-10"], cells: RISING },
  { id: 3, shows: "converts less from period to period", rules: ["top-10"], cells: FALLING },
  {
    id: 4,
    shows: "X = 10: all that converted and no cut, though refunds take one below zero in period 3",
    rules: ["top-10"],
    cells: [
      cell(10, 6, 4),
      cell(10, 0, 0),
      cell(9, 5, 3, [exact(140, 58, [[400_000, -1_150_000], []])]),
      cell(10, 8, 5),
    ],
  },
  {
    id: 5,
    shows: "X = 5, 7, 8, 9: all that converted and no others",
    rules: ["top-x"],
    cells: [cell(5, 6, 4), cell(7, 5, 5), cell(8, 3, 2), cell(9, 7, 4)],
  },
  {
    id: 6,
    shows: "X = 11, cut by revenue, by clicks, by banner id, by clicks of which one converted three times",
    rules: ["top-10"],
    cells: [
      cell(11, 6, 4),
      cell(9, 6, 4, [exact(120, 35, [[200_000]]), exact(150, 60, [[200_000], [], []])]),
      cell(9, 5, 5, [exact(120, 41, [[200_000], []]), exact(150, 38, [[], [200_000]])]),
      cell(9, 6, 4, [exact(120, 22, [[100_000, 60_000, 40_000]]), exact(150, 47, [[], [200_000]])]),
    ],
  },
  { id: 7, shows: "converts alike in each period", rules: ["top-10"], cells: EVEN },
  {
    id: 8,
    shows: "X = 4: a pool larger than the missing place, as large, none; a clicked banner for it",
    rules: ["fill-by-clicks"],
    cells: [cell(4, 0, 6), cell(4, 0, 1), cell(4, 0, 0), cell(4, 3, 4)],
  },
  { id: 9, shows: "a lively campaign", rules: ["top-10"], cells: LIVELY },
  { id: 10, shows: "the cookie paths of 1 and 10 share their beginning", rules: ["top-10"], cells: RISING },
  {
    id: 11,
    shows: "X = 3: a pool larger than the missing places, as large, smaller; clicked banners for them",
    rules: ["fill-by-clicks"],
    cells: [cell(3, 0, 7), cell(3, 1, 1), cell(3, 0, 1), cell(3, 4, 3)],
  },
  { id: 12, shows: "converts less from period to period", rules: ["top-10"], cells: FALLING },
  {
    id: 13,
    shows: "X = 2: a pool larger than the missing places, as large, smaller; clicked banners, cut by banner id",
    rules: ["fill-by-clicks"],
    cells: [
      cell(2, 1, 6),
      cell(2, 0, 3),
      cell(2, 1, 1),
      cell(2, 0, 4, clicked([130, 2], [142, 2], [119, 2], [155, 2])),
    ],
  },
  {
    id: 14,
    shows: "X = 1: a pool larger than the missing places, as large, smaller; clicked banners for them",
    rules: ["fill-by-clicks"],
    cells: [cell(1, 0, 9), cell(1, 2, 2), cell(1, 1, 1), cell(1, 6, 3)],
  },
  {
    id: 15,
    shows: "X = 0, none clicked: a pool larger than five, of five, smaller, much larger",
    rules: ["by-clicks"],
    cells: [cell(0, 0, 8), cell(0, 0, 5), cell(0, 0, 3), cell(0, 0, 14)],
  },
  {
    id: 16,
    shows: "X = 0, three clicked: a pool larger than the two missing places, as large, smaller, none",
    rules: ["by-clicks"],
    cells: [cell(0, 3, 6), cell(0, 3, 2), cell(0, 3, 1), cell(0, 3, 0)],
  },
  {
    id: 17,
    shows: "X = 0, five or more clicked: no cut, cut by clicks, by banner id, by nothing but banner id",
    rules: ["by-clicks"],
    cells: [
      cell(0, 5, 4),
      cell(0, 0, 5, clicked([160, 6], [158, 5], [157, 4], [149, 3], [145, 2], [102, 1])),
      cell(0, 0, 3, clicked([151, 4], [150, 3], [139, 3], [128, 2], [147, 1], [103, 1])),
      cell(0, 0, 4, clicked([137, 1], [112, 1], [161, 1], [104, 1], [129, 1], [118, 1])),
    ],
  },
  {
    id: 18,
    shows: "a refund of nearly all it earned puts a banner out of the top 10",
    rules: ["top-10"],
    cells: [
      cell(10, 6, 4, [exact(135, 74, [[9_500_000], [8_250_000, -8_250_000], [-9_400_000]])]),
      cell(14, 5, 4, [exact(135, 52, [[7_990_000, -7_800_000], []])]),
      cell(12, 7, 3, [exact(128, 61, [[9_990_000, 5_125_000, -15_000_000]])]),
      cell(13, 6, 5, [exact(128, 80, [[8_400_500], [-8_400_500], []])]),
    ],
  },
  {
    id: 19,
    shows: "a single banner: always the same one, converted, clicked or only seen",
    rules: ["fill-by-clicks", "by-clicks"],
    cells: [cell(1, 0, 0), cell(0, 1, 0), cell(0, 0, 1), cell(1, 0, 0)],
  },
  {
    id: 20,
    shows: "fewer than five banners: all of them",
    rules: ["fill-by-clicks", "by-clicks"],
    cells: [cell(2, 1, 1), cell(1, 1, 1), cell(0, 1, 1), cell(3, 0, 1)],
  },
  { id: 21, shows: "runs in period 2 alone", rules: ["top-10"], cells: [ABSENT, cell(17, 6, 5), ABSENT, ABSENT] },
  {
    id: 22,
    shows: "another rule in each period",
    rules: ["top-10", "top-x", "fill-by-clicks", "by-clicks"],
    cells: [cell(13, 5, 4), cell(7, 4, 5), cell(3, 1, 6), cell(0, 3, 8)],
  },
  {
    id: 23,
    shows: "X = 25 and more: a large campaign",
    rules: ["top-10"],
    cells: [cell(30, 9, 6), cell(25, 12, 8), cell(34, 8, 4), cell(27, 10, 7)],
  },
  {
    id: 24,
    shows: "each conversion comes in the next period's file, that of period 4 in the first",
    rules: ["top-10"],
    cells: EVEN.map((design) => ({ ...design, late: true })),
  },
  {
    id: 25,
    shows: "clicks without an impression, and one such banner that converted",
    rules: ["top-10"],
    cells: FALLING.map((design) => ({ ...design, exactly: [exact(111, 0, [[], [7_310_000]]), exact(126, 0, [[]])] })),
  },
  { id: 26, shows: "a lively campaign", rules: ["top-10"], cells: LIVELY },
  {
    id: 27,
    shows: "banner 165 has no image file, and is in every collection",
    rules: ["top-x"],
    cells: [cell(5, 4, 3), cell(6, 3, 3), cell(4, 5, 2), cell(8, 2, 4)].map((design) => ({
      ...design,
      exactly: [exact(BANNER_WITHOUT_IMAGE, 66, [[4_815_000], [], [2_342_500]])],
    })),
  },
  {
    id: 28,
    shows: "pauses in period 3",
    rules: ["top-10"],
    cells: [cell(20, 6, 4), cell(13, 8, 5), ABSENT, cell(17, 5, 6)],
  },
  { id: 29, shows: "converts more from period to period", rules: ["top-10"], cells: RISING },
  { id: 30, shows: "converts alike in each period", rules: ["top-10"], cells: EVEN },
];
