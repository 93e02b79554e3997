/** Lists the campaigns of the sample: every rule of the collection and every case of it is the business of one. */

export const PERIODS = [1, 2, 3, 4] as const;

export const BANNERS_WITH_IMAGE: readonly number[] = Array.from({ length: 64 }, (_, i) => 101 + i);
const BANNER_WITHOUT_IMAGE = 165;

export type Rule = "top-10" | "top-x" | "fill-by-clicks" | "by-clicks";

export interface BannerResult {
  readonly banner: number;
  readonly impressions: number;
  /** For each click, the revenues of its conversions, in millionths. */
  readonly clicks: readonly (readonly number[])[];
}

export interface CellDesign {
  readonly converting: number;
  readonly clicked: number;
  readonly seen: number;
  readonly exactly: readonly BannerResult[];
  readonly late: boolean;
}

/** Id | rules, by first period | banners of each period: converting/clicked/seen, without `EXACTLY` | what it shows. */
const TABLE = `
1 | top-10 | 18/7/4 14/9/6 21/5/3 16/8/5 | the first page: a lively campaign, other winners in each period
2 | top-10 | 12/9/6 15/7/5 19/5/4 24/4/2 | converts more from period to period
3 | top-10 | 23/5/3 19/6/4 14/8/5 11/9/7 | converts less from period to period
4 | top-10 | 10/6/4 10/0/0 9/5/3 10/8/5 | X = 10: all that converted, though refunds take one below zero in period 3
5 | top-x | 5/6/4 7/5/5 8/3/2 9/7/4 | X = 5, 7, 8, 9: all that converted and no others
6 | top-10 | 11/6/4 9/6/4 9/5/5 9/6/4 | X = 11, cut by revenue, clicks, banner id, clicks of which one converted thrice
7 | top-10 | 15/6/4 15/6/4 16/5/4 15/6/4 | converts alike in each period
8 | fill-by-clicks | 4/0/6 4/0/1 4/0/0 4/3/4 | X = 4: a pool larger than the missing place, as large, none; clicked
9 | top-10 | 18/7/4 14/9/6 21/5/3 16/8/5 | a lively campaign
10 | top-10 | 12/9/6 15/7/5 19/5/4 24/4/2 | the cookie paths of 1 and 10 share their beginning
11 | fill-by-clicks | 3/0/7 3/1/1 3/0/1 3/4/3 | X = 3: a pool larger than the missing places, as large, smaller; clicked
12 | top-10 | 23/5/3 19/6/4 14/8/5 11/9/7 | converts less from period to period
13 | fill-by-clicks | 2/1/6 2/0/3 2/1/1 2/0/4 | X = 2: a pool larger, as large, smaller; clicked ones, cut by banner id
14 | fill-by-clicks | 1/0/9 1/2/2 1/1/1 1/6/3 | X = 1: a pool larger than the missing places, as large, smaller; clicked
15 | by-clicks | 0/0/8 0/0/5 0/0/3 0/0/14 | X = 0, none clicked: a pool larger than five, of five, smaller, much larger
16 | by-clicks | 0/3/6 0/3/2 0/3/1 0/3/0 | X = 0, three clicked: a pool larger than the two places, as large, smaller, none
17 | by-clicks | 0/5/4 0/0/5 0/0/3 0/0/4 | X = 0, five clicked or more: no cut, by clicks, by banner id, by id alone
18 | top-10 | 10/6/4 14/5/4 12/7/3 13/6/5 | a refund of nearly all it earned puts a banner out of the top 10
19 | fill-by-clicks by-clicks | 1/0/0 0/1/0 0/0/1 1/0/0 | a single banner: converted, clicked or only seen
20 | fill-by-clicks by-clicks | 2/1/1 1/1/1 0/1/1 3/0/1 | fewer than five banners: all of them
21 | top-10 | - 17/6/5 - - | runs in period 2 alone
22 | top-10 top-x fill-by-clicks by-clicks | 13/5/4 7/4/5 3/1/6 0/3/8 | another rule in each period
23 | top-10 | 30/9/6 25/12/8 34/8/4 27/10/7 | X = 25 and more: a large campaign
24 | top-10 | 15/6/4 15/6/4 16/5/4 15/6/4 | conversions come in the next period's file, those of period 4 in the first
25 | top-10 | 23/5/3 19/6/4 14/8/5 11/9/7 | clicks without an impression, and one such banner that converted
26 | top-10 | 18/7/4 14/9/6 21/5/3 16/8/5 | a lively campaign
27 | top-x | 5/4/3 6/3/3 4/5/2 8/2/4 | banner 165 has no image file, and is in every collection
28 | top-10 | 20/6/4 13/8/5 - 17/5/6 | pauses in period 3
29 | top-10 | 12/9/6 15/7/5 19/5/4 24/4/2 | converts more from period to period
30 | top-10 | 15/6/4 15/6/4 16/5/4 15/6/4 | converts alike in each period`;

const LATE_CAMPAIGN = 24;

const EXACTLY: Readonly<Record<string, readonly BannerResult[]>> = {
  "4 in 3": [exact(140, 58, [[400_000, -1_150_000], []])],
  "6 in 2": [exact(120, 35, [[200_000]]), exact(150, 60, [[200_000], [], []])],
  "6 in 3": [exact(120, 41, [[200_000], []]), exact(150, 38, [[], [200_000]])],
  "6 in 4": [exact(120, 22, [[100_000, 60_000, 40_000]]), exact(150, 47, [[], [200_000]])],
  "13 in 4": clicked([130, 2], [142, 2], [119, 2], [155, 2]),
  "17 in 2": clicked([160, 6], [158, 5], [157, 4], [149, 3], [145, 2], [102, 1]),
  "17 in 3": clicked([151, 4], [150, 3], [139, 3], [128, 2], [147, 1], [103, 1]),
  "17 in 4": clicked([137, 1], [112, 1], [161, 1], [104, 1], [129, 1], [118, 1]),
  "18 in 1": [exact(135, 74, [[9_500_000], [8_250_000, -8_250_000], [-9_400_000]])],
  "18 in 2": [exact(135, 52, [[7_990_000, -7_800_000], []])],
  "18 in 3": [exact(128, 61, [[9_990_000, 5_125_000, -15_000_000]])],
  "18 in 4": [exact(128, 80, [[8_400_500], [-8_400_500], []])],
  25: [exact(111, 0, [[], [7_310_000]]), exact(126, 0, [[]])],
  27: [exact(BANNER_WITHOUT_IMAGE, 66, [[4_815_000], [], [2_342_500]])],
};

export const CAMPAIGNS = TABLE.trim()
  .split("\n")
  .map((row) => {
    const [id = "", rules = "", cells = ""] = row.split(" | ");
    const late = Number(id) === LATE_CAMPAIGN;
    return {
      id: Number(id),
      rules: rules.split(" ") as Rule[],
      cells: cells.split(" ").map((cell, at): CellDesign | undefined => {
        if (cell === "-") return undefined;
        const [converting = 0, clicked = 0, seen = 0] = cell.split("/").map(Number);
        return { converting, clicked, seen, exactly: EXACTLY[`${id} in ${at + 1}`] ?? EXACTLY[id] ?? [], late };
      }),
    };
  });

function exact(banner: number, impressions: number, clicks: BannerResult["clicks"]): BannerResult {
  return { banner, impressions, clicks };
}

function clicked(...banners: readonly (readonly [banner: number, clicks: number])[]): BannerResult[] {
  return banners.map(([banner, clicks]) => exact(banner, 25 * clicks, Array<[]>(clicks).fill([])));
}
