/** Lays out the parts of an index in its file: the one arithmetic that both the writer and the reader use. */
import { cellNumbers } from "./cells.js";
import { slotCount } from "./id-table.js";

/** The position is the code in the file, here and in the lists below. */
export const RULES = ["by-clicks", "fill-by-clicks", "top-x", "top-10", "default"] as const;
export type Rule = (typeof RULES)[number];

/** As people read them. */
export const RULES_BY_X: readonly Rule[] = ["top-10", "top-x", "fill-by-clicks", "by-clicks", "default"];

export const IMAGE_TYPES = ["png", "jpeg", "webp", "avif", "gif", "svg"] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

export const MEDIA_TYPES: Readonly<Record<ImageType, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
  gif: "image/gif",
  svg: "image/svg+xml",
};

/** By the name of the image's file, while the type is by its bytes. */
export const IMAGE_EXTENSIONS = ["png", "jpg", "jpeg", "webp", "avif", "gif", "svg"] as const;
export type ImageExtension = (typeof IMAGE_EXTENSIONS)[number];

export const MAX_PLACES = 10;

export const IMAGE_DIGEST_LENGTH = 16;

export interface Counts {
  readonly periods: number;
  readonly campaigns: number;
  /** One for each banner of each cell. */
  readonly entries: number;
  readonly banners: number;
  readonly imageBytes: number;
  readonly textBytes: number;
  readonly nameBytes: number;
}

/** A cell's entries are in the order of the cut: banners with conversions, those with clicks, then the pool. */
export interface Sections {
  /** Ascending. */
  readonly campaignIds: Uint32Array;
  /** A hash table for each period, read by `CellTable`. */
  readonly cells: Uint32Array;
  /** Indexes in `bannerIds`. */
  readonly entryBanner: Uint32Array;
  /** Millionths of the currency. */
  readonly entryRevenue: BigInt64Array;
  readonly entryConversions: Uint32Array;
  readonly entryClicks: Uint32Array;
  readonly entryImpressions: Uint32Array;
  /** Ascending: every banner of a cell and every banner that has an image. */
  readonly bannerIds: Uint32Array;
  /** A hash table, see `findId`: one more than an index in `bannerIds`, or 0. */
  readonly bannerSlots: Uint32Array;
  /** One for each banner, and one more: where its image starts among the images; it ends where the next starts. */
  readonly imageStart: Float64Array;
  readonly imageType: Uint8Array;
  readonly imageExtension: Uint8Array;
  /** The first 16 bytes of each image's SHA-256, one after the other. */
  readonly imageDigest: Uint8Array;
  /** In pixels, as a page lays it out; 0 where the image does not tell. */
  readonly imageWidth: Uint32Array;
  readonly imageHeight: Uint32Array;
  /** Two for each banner, and one more: where its alternative text starts in `texts`, and where its link does. */
  readonly textStart: Uint32Array;
  /** UTF-8. An empty one is none. */
  readonly texts: Uint8Array;
  /** One for each campaign, and one more: where its name starts in `names`. */
  readonly nameStart: Uint32Array;
  /** UTF-8. An empty one is none. */
  readonly names: Uint8Array;
}

type SectionArray = Uint8Array | Uint32Array | BigInt64Array | Float64Array;
interface ArrayType<T extends SectionArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** In the order of the file. */
const LAYOUT: {
  readonly [Name in keyof Sections]: readonly [ArrayType<Sections[Name]>, (counts: Counts) => number];
} = {
  campaignIds: [Uint32Array, (n) => n.campaigns],
  cells: [Uint32Array, (n) => cellNumbers(n.periods, n.campaigns)],
  entryBanner: [Uint32Array, (n) => n.entries],
  entryRevenue: [BigInt64Array, (n) => n.entries],
  entryConversions: [Uint32Array, (n) => n.entries],
  entryClicks: [Uint32Array, (n) => n.entries],
  entryImpressions: [Uint32Array, (n) => n.entries],
  bannerIds: [Uint32Array, (n) => n.banners],
  bannerSlots: [Uint32Array, (n) => slotCount(n.banners)],
  imageStart: [Float64Array, (n) => n.banners + 1],
  imageType: [Uint8Array, (n) => n.banners],
  imageExtension: [Uint8Array, (n) => n.banners],
  imageDigest: [Uint8Array, (n) => n.banners * IMAGE_DIGEST_LENGTH],
  imageWidth: [Uint32Array, (n) => n.banners],
  imageHeight: [Uint32Array, (n) => n.banners],
  textStart: [Uint32Array, (n) => 2 * n.banners + 1],
  texts: [Uint8Array, (n) => n.textBytes],
  nameStart: [Uint32Array, (n) => n.campaigns + 1],
  names: [Uint8Array, (n) => n.nameBytes],
};

/** To the length of a cell's record, so that no record lies across two cache lines. */
export function aligned(offset: number): number {
  return Math.ceil(offset / 16) * 16;
}

export interface Layout {
  readonly offsets: ReadonlyMap<keyof Sections, number>;
  readonly images: number;
  readonly end: number;
}

export function layOut(counts: Counts, start: number): Layout {
  const offsets = new Map<keyof Sections, number>();
  let end = aligned(start);
  for (const name of Object.keys(LAYOUT) as (keyof Sections)[]) {
    const [type, length] = LAYOUT[name];
    offsets.set(name, end);
    end = aligned(end + length(counts) * type.BYTES_PER_ELEMENT);
  }
  return { offsets, images: end, end: aligned(end + counts.imageBytes) };
}

export function sectionsOf(bytes: Uint8Array, counts: Counts, offsets: Layout["offsets"]): Sections {
  const sections: Partial<Record<keyof Sections, SectionArray>> = {};
  for (const [name, offset] of offsets) {
    const [type, length] = LAYOUT[name];
    sections[name] = new type(bytes.buffer, bytes.byteOffset + offset, length(counts));
  }
  return sections as Sections;
}
