/** The image folder to images: their bytes, their true type and the ending of their address. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { imageSize } from "image-size";
import { IMAGE_EXTENSIONS, type ImageExtension, type ImageType } from "../src/index-sections.js";
import { readId } from "../src/read-id.js";
import { DataError } from "./data-error.js";

export interface BannerImage {
  /** The file's name, or undefined where the image was drawn. */
  readonly file?: string;
  readonly bytes: Uint8Array;
  readonly sha256: Buffer;
  readonly type: ImageType;
  readonly extension: ImageExtension;
  /** In pixels, as a page lays it out; 0 where the image does not tell. */
  readonly width: number;
  readonly height: number;
}

/** What `banners.csv` says of a banner. */
export interface BannerText {
  /** "" for none. */
  readonly alt: string;
  /** An http or https address, or "" for none. */
  readonly link: string;
}

export interface BannerFolder {
  /** Without the folders above it. */
  readonly name: string;
  readonly images: ReadonlyMap<number, BannerImage>;
  /** Files named as banners whose bytes are no image. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  /** The path of `banners.csv`, where there is one. */
  readonly textFile?: string;
  /** Other files, which are not read. */
  readonly ignored: readonly string[];
}

/** What says of banners what their images do not. */
export const TEXT_FILE = "banners.csv";

const IMAGE_NAME = new RegExp(`^image_([0-9]+)\\.(${IMAGE_EXTENSIONS.join("|")})$`);

/** @throws DataError where the folder cannot be read or two files are for one banner */
export async function readBanners(folder: string): Promise<BannerFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new DataError(`${folder}: cannot be read: name the folder of the banner images with --banners`, {
      cause: error,
    });
  });
  const images = new Map<number, BannerImage>();
  const nameOf = new Map<number, string>();
  const unreadable: { file: string; reason: string }[] = [];
  const ignored: string[] = [];
  let textFile: string | undefined;
  for (const name of names.sort()) {
    const [, id = "", extension] = IMAGE_NAME.exec(name) ?? [];
    const banner = readId(id, 0, id.length);
    if (name === TEXT_FILE) textFile = join(folder, name);
    if (banner === 0) {
      if (name !== TEXT_FILE && !name.startsWith(".")) ignored.push(name);
      continue;
    }
    const other = nameOf.get(banner);
    if (other !== undefined)
      throw new DataError(`${join(folder, name)}: banner ${banner} has an image in ${other} already: keep one of them`);
    nameOf.set(banner, name);
    const bytes = await readImage(join(folder, name));
    const type = typeOf(bytes);
    const image = type && imageOf(bytes, type, extension as ImageExtension, name);
    const reason = faultOf(image);
    if (reason !== undefined) unreadable.push({ file: name, reason });
    else images.set(banner, image!);
  }
  return { name: basename(resolve(folder)), images, unreadable, ignored, ...(textFile !== undefined && { textFile }) };
}

function faultOf(image: BannerImage | undefined): string | undefined {
  if (image === undefined) return `not an image: expected the bytes of one of ${IMAGE_EXTENSIONS.join(", ")}`;
  // An SVG need not say how large it is.
  if (image.width === 0 && image.type !== "svg") return `a damaged ${image.type}: its header does not tell its size`;
  return undefined;
}

export function imageOf(bytes: Uint8Array, type: ImageType, extension: ImageExtension, file?: string): BannerImage {
  const sha256 = createHash("sha256").update(bytes).digest();
  return { bytes, sha256, type, extension, ...sizeOf(bytes, type), ...(file !== undefined && { file }) };
}

/** EXIF's orientations from 5 on are those that lie on their side. */
const FIRST_SIDEWAYS = 5;

/** Pixels. No browser draws more. */
const LONGEST_SIDE = 65_535;

const SIZELESS = { width: 0, height: 0 };

/** Of an SVG without a size, that of its view box. */
function sizeOf(bytes: Uint8Array, type: ImageType): { width: number; height: number } {
  try {
    const { width, height, orientation = 1 } = imageSize(type === "svg" ? bytes.subarray(rootAt(bytes)) : bytes);
    // The library answers with what is no number for numbers that it cannot read.
    if (![width, height].every((side) => Number.isInteger(side) && side > 0 && side <= LONGEST_SIDE)) return SIZELESS;
    return orientation < FIRST_SIDEWAYS ? { width, height } : { width: height, height: width };
  } catch {
    // Of bytes that it cannot make sense of, the library says no more than that.
    return SIZELESS;
  }
}

/** Where an SVG's own element starts, behind comments that may hold others. */
function rootAt(bytes: Uint8Array): number {
  const [whole = "", before = ""] = SVG_START.exec(startOf(bytes)) ?? [];
  return whole === "" ? 0 : Buffer.byteLength(before);
}

async function readImage(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new DataError(`${path}: cannot be read as a file: ${(error as Error).message}`, { cause: error });
  }
}

/** The type that the bytes themselves tell, by their first ones; a file's name may say another. */
export function typeOf(bytes: Uint8Array): ImageType | undefined {
  const head = Buffer.from(bytes.subarray(0, 32)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(head)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "webp";
  // ISO base media: the major brand, or a still image of another brand that names avif among those it is compatible with.
  if (/^[^]{4}ftyp(?:avi[fs]|mi[fa]1[^]*avi[fs])/.test(head)) return "avif";
  return SVG_START.test(startOf(bytes)) ? "svg" : undefined;
}

/** What may come before an SVG's own element, and its beginning. */
const SVG_START =
  /^(\uFEFF?\s*(?:<\?xml[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!DOCTYPE\s+svg[^>[]*(?:\[[^\]]*\]\s*)?>\s*)*)<svg[\s>/]/i;

function startOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 4096)).toString("utf8");
}
