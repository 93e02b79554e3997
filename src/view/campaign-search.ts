/** Finds campaigns by their ids and names, and by their banners' ids, texts and links. It runs in browsers too. */
import { LARGEST_ID, lowerBound, readId } from "../index/ids.js";
import { eachCell, type CampaignColumns, type TableSource } from "./campaign-columns.js";
import { placeRange } from "./place-range.js";
import type { Rest } from "./rest.js";
import { Texts } from "./texts.js";

export class CampaignSearch {
  readonly #source: TableSource;
  readonly #columns: CampaignColumns;
  #names: Promise<Texts> | undefined;
  #ranks: Promise<Uint32Array> | undefined;
  #texts: Promise<Texts> | undefined;
  #banners: Promise<Uint32Array> | undefined;
  /** Pages and orders of one search follow each other. */
  #last: { readonly search: string; readonly isFound: Uint8Array } | undefined;

  constructor(source: TableSource, columns: CampaignColumns) {
    this.#source = source;
    this.#columns = columns;
  }

  /** By campaign: 1 where it is found, else 0. */
  async matching(search: string, rest: Rest): Promise<Uint8Array> {
    if (this.#last?.search !== search) this.#last = { search, isFound: await this.#find(search, rest) };
    return this.#last.isFound;
  }

  async #find(search: string, rest: Rest): Promise<Uint8Array> {
    const { campaignIds } = this.#source;
    const isFound = new Uint8Array(campaignIds.length);
    for (const [first, end] of rangesOf(campaignIds, search)) isFound.fill(1, first, end);
    await this.#findBanners(search, isFound, rest);
    // Last: where most are found by their banners, few names are looked at.
    const names = await this.#namesOf(rest);
    await names.search(search, isFound, rest);
    return isFound;
  }

  async #findBanners(search: string, isFound: Uint8Array, rest: Rest): Promise<void> {
    const { bannerIds } = this.#source;
    const isBanner = new Uint8Array(bannerIds.length);
    const id = readId(search);
    const banner = lowerBound(bannerIds, id);
    if (bannerIds[banner] === id) isBanner[banner] = 1;
    const texts = await (this.#texts ??= readTexts(this.#source, rest));
    await texts.search(search, isBanner, rest);
    if (!isBanner.includes(1)) return;
    const { banners: counts } = await this.#columns.figures(0, rest);
    const banners = await (this.#banners ??= readBanners(this.#source, counts, rest));
    let end = 0;
    for (let campaign = 0; campaign < counts.length; campaign++) {
      let at = end;
      end += counts[campaign]!;
      if (rest.isDue(1 + end - at)) await rest.take();
      if (isFound[campaign] === 1) continue;
      // To the first: where most banners have what is sought, few are looked at.
      while (at < end && isBanner[banners[at]!] === 0) at++;
      if (at < end) isFound[campaign] = 1;
    }
  }

  /** By campaign, from 1 in the order of the names; the same for the same name, and 0 for none. */
  nameRanks(rest: Rest): Promise<Uint32Array> {
    return (this.#ranks ??= this.#namesOf(rest).then((names) => rank(names, this.#source.campaignIds.length, rest)));
  }

  #namesOf(rest: Rest): Promise<Texts> {
    const { campaignIds, nameOf } = this.#source;
    return (this.#names ??= Texts.of(campaignIds.length, nameOf, rest));
  }
}

/** Ids ascend, so that those of one length with the same first digits are one range, whose end is left out. */
function rangesOf(ids: Uint32Array, digits: string): [number, number][] {
  const ranges: [number, number][] = [];
  const prefix = readId(digits);
  if (prefix === 0) return ranges;
  for (let power = 1; prefix * power <= LARGEST_ID; power *= 10)
    ranges.push([lowerBound(ids, prefix * power), lowerBound(ids, (prefix + 1) * power)]);
  return ranges;
}

async function rank(names: Texts, count: number, rest: Rest): Promise<Uint32Array> {
  const items = new Uint32Array(count);
  const keys = new Float64Array(count);
  let named = 0;
  for (let at = 0; at < count; at++) {
    if (rest.isDue()) await rest.take();
    if (names.isEmpty(at)) continue;
    keys[named] = names.beginning(at);
    items[named++] = at;
  }
  const byTie = (a: number, b: number): number => names.compare(a, b);
  await placeRange({ items: items.subarray(0, named), keys, byTie }, 0, named, rest);
  const ranks = new Uint32Array(count);
  let rank = 0;
  for (let place = 0; place < named; place++) {
    if (place === 0 || names.compare(items[place - 1]!, items[place]!) !== 0) rank++;
    ranks[items[place]!] = rank;
    if (rest.isDue()) await rest.take();
  }
  return ranks;
}

function readTexts({ bannerIds, textOf }: TableSource, rest: Rest): Promise<Texts> {
  const searched = (banner: number): string => {
    const { name, link } = textOf(banner);
    // No field of a form has a line break, so that nothing is found across both.
    return `${name}\n${hostOf(link)}`;
  };
  return Texts.of(bannerIds.length, searched, rest);
}

/** With its port. Parsing a million links as URLs would take seconds. */
function hostOf(link: string): string {
  return /^\w+:\/\/(?:[^/?#@]*@)?([^/?#]*)/.exec(link)?.[1] ?? "";
}

/** The banners of each campaign, once each, one campaign after the other. */
async function readBanners(source: TableSource, counts: Uint32Array, rest: Rest): Promise<Uint32Array> {
  const { bannerIds, entryBanner } = source;
  const banners = new Uint32Array(counts.reduce((sum, count) => sum + count, 0));
  const seen = new Uint32Array(bannerIds.length);
  let at = 0;
  const visit = (campaign: number, _cell: number, start: number, end: number): void => {
    for (let entry = start; entry < end; entry++) {
      const banner = entryBanner[entry]!;
      if (seen[banner] === campaign + 1) continue;
      seen[banner] = campaign + 1;
      banners[at++] = banner;
    }
  };
  await eachCell(source, 0, visit, rest);
  return banners;
}
