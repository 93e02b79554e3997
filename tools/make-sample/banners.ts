/** Lists the banners of the sample. */

/** Those that the cells draw from. */
export const BANNERS_WITH_IMAGE: readonly number[] = Array.from({ length: 64 }, (_, i) => 101 + i);

/** Its picture is the one that the build makes. */
export const BANNER_WITHOUT_IMAGE = 165;
