import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { mixedSizes } from "../../../build/report/mixed-sizes.js";
import { range, smallCatalog, type SmallCell } from "../../src/small-index.js";

const sized = (size: number): ReturnType<typeof imageOf> =>
  imageOf(Buffer.from(`${size}`), "png", "png", { width: 10 * size, height: size });

await t.test("campaigns are told whose banners have images of different sizes, in whatever period", (t) => {
  const cells: SmallCell[] = [
    { campaign: 1, period: 1, converting: [11, 12] },
    { campaign: 1, period: 3, pool: [11] },
    { campaign: 2, period: 1, clicked: [11] },
    { campaign: 2, period: 4, pool: [13, 12] },
    { campaign: 3, period: 2, converting: [13], clicked: [11], pool: [14, 15] },
    { campaign: 4, period: 2, converting: [11], pool: [16, 17] },
  ];
  const images = new Map([11, 12, 13, 14, 17].map((banner) => [banner, sized({ 13: 2, 14: 3, 17: 0 }[banner] ?? 1)]));
  t.strictSame(mixedSizes(smallCatalog(cells, 4, images), [15, 16]), {
    count: 2,
    first: [
      { campaign: 2, sizes: ["10 x 1", "20 x 2"] },
      { campaign: 3, sizes: ["20 x 2", "10 x 1", "30 x 3"] },
    ],
  });
  t.strictSame(
    mixedSizes(smallCatalog(cells, 4, new Map([[11, sized(1)]])), [12, 13, 14, 15, 16, 17]),
    { count: 0, first: [] },
    "a placeholder has no size of its own",
  );
  t.end();
});

await t.test("of many, ten are named, with five sizes each", (t) => {
  const images = new Map(range(1, 9).map((banner) => [banner, sized(banner)]));
  const cells = range(101, 113).map((campaign) => ({ campaign, period: 1, pool: range(1, 9) }));
  const { count, first } = mixedSizes(smallCatalog(cells, 1, images), []);
  t.strictSame([count, first.length, first.at(-1)?.campaign], [13, 10, 110]);
  t.strictSame(first[0]?.sizes, ["10 x 1", "20 x 2", "30 x 3", "40 x 4", "50 x 5"]);
  t.end();
});
