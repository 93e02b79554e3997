/** Answers that are made when a banner is first asked for, and kept while there is room. */

/**
 * Banners whose answers are kept; a power of two. A page takes 0.4 kB, and all that a banner can be asked for 3 kB, so that an index of any
 * number of banners costs a worker fifty megabytes at most, and one of fewer banners than this has all of them ready after their first
 * request. To make a page anew takes as long as to answer a request.
 */
export const KEPT = 16_384;

/** One place for each rest of a banner divided by KEPT: a look-up is one comparison, and whoever comes takes the place. */
export class KeptAnswers<Answers extends { readonly banner: number }> {
  readonly #make: (banner: number) => Answers;
  readonly #kept: (Answers | undefined)[] = Array<undefined>(KEPT).fill(undefined);

  /** @param make a banner's, which must be the same at any time */
  constructor(make: (banner: number) => Answers) {
    this.#make = make;
  }

  /** @param banner a place in `bannerIds` */
  of(banner: number): Answers {
    const place = banner & (KEPT - 1);
    const kept = this.#kept[place];
    return kept?.banner === banner ? kept : (this.#kept[place] = this.#make(banner));
  }
}
