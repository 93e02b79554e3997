/** Finds the campaigns whose banners differ in size: in a frame on other sites, some of them will not fit. */
import { NONE, type Catalog } from "../../src/index/catalog.js";

export interface MixedSizes {
  readonly count: number;
  /** By campaign, ascending. */
  readonly first: readonly { readonly campaign: number; readonly sizes: readonly string[] }[];
}

const MAX_NAMED = 10;
const MAX_SIZES = 5;

/** Of banners that have an image whose size is known. */
export function mixedSizes(catalog: Catalog, withoutImage: Iterable<number>): MixedSizes {
  const { counts, campaignIds } = catalog.index;
  const { sizes, codes } = codedSizes(catalog, withoutImage);
  if (sizes.length < 2) return { count: 0, first: [] };
  let count = 0;
  const first: { campaign: number; sizes: string[] }[] = [];
  for (const campaign of campaignIds) {
    const own = new Set<number>();
    let last = 0;
    for (let period = 1; period <= counts.periods; period++) {
      const cell = catalog.cellOf(campaign, period);
      const [start, end] = cell === NONE ? [0, 0] : [catalog.cells.startOf(cell), catalog.cells.endOf(cell)];
      for (let entry = start; entry < end; entry++) {
        const code = codes[catalog.index.entryBanner[entry]!]!;
        if (code === 0 || code === last) continue;
        own.add(code);
        last = code;
      }
    }
    if (own.size > 1 && count++ < MAX_NAMED)
      first.push({ campaign, sizes: [...own].slice(0, MAX_SIZES).map((code) => sizes[code - 1]!) });
  }
  return { count, first };
}

/** By banner: 0 for none, or the number of its size, from 1 on. */
function codedSizes(
  catalog: Catalog,
  withoutImage: Iterable<number>,
): { readonly sizes: readonly string[]; readonly codes: Uint32Array } {
  const { bannerIds, imageWidth, imageHeight } = catalog.index;
  const drawn = new Set(withoutImage);
  const codeOf = new Map<string, number>();
  const codes = bannerIds.map((id, banner) => {
    if (drawn.has(id) || imageWidth[banner] === 0) return 0;
    const size = `${imageWidth[banner]!} x ${imageHeight[banner]!}`;
    const code = codeOf.get(size) ?? codeOf.size + 1;
    codeOf.set(size, code);
    return code;
  });
  return { sizes: [...codeOf.keys()], codes };
}
