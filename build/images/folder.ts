/** Reads the folder of banner images, and draws a placeholder for a banner that has none. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { MAX_IMAGE_BYTES } from "../../src/index/images.js";
import { IMAGE_EXTENSIONS, type ImageExtension, type ImageType } from "../../src/index/sections.js";
import { readId } from "../../src/index/ids.js";
import { fileSize, readFile } from "../../src/options/regular-file.js";
import { DataError } from "../read/data-error.js";
import { NOT_AN_IMAGE, sizeOf, typeOf } from "./header.js";
import { UNKNOWN_SIZE, type ImageSize } from "./size.js";

export interface BannerImage extends ImageSize {
  /** Undefined where the image was drawn. */
  readonly file?: string;
  readonly bytes: Uint8Array;
  readonly sha256: Buffer;
  /** What the bytes are, whatever the extension. */
  readonly type: ImageType;
  readonly extension: ImageExtension;
}

export interface BannerText {
  readonly alt: string;
  /** An http or https address, or "" for none. */
  readonly link: string;
}

export interface BannerFolder {
  readonly name: string;
  readonly images: ReadonlyMap<number, BannerImage>;
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  readonly textFile?: string;
  readonly ignored: readonly string[];
}

export const TEXT_FILE = "banners.csv";

const IMAGE_NAME = new RegExp(`^image_([0-9]+)\\.(${IMAGE_EXTENSIONS.join("|")})$`, "i");

function tooLarge(bytes: number): string {
  return `an image of ${bytes} bytes: expected at most ${MAX_IMAGE_BYTES}`;
}

/** @throws DataError where the folder cannot be read, or has two files for one banner */
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
    const [, id = "", extension = ""] = IMAGE_NAME.exec(name) ?? [];
    const banner = readId(id);
    if (name === TEXT_FILE) textFile = join(folder, name);
    if (banner === 0) {
      if (name !== TEXT_FILE && !name.startsWith(".")) ignored.push(name);
      continue;
    }
    const other = nameOf.get(banner);
    if (other !== undefined)
      throw new DataError(`${join(folder, name)}: banner ${banner} already has an image in ${other}: keep one of them`);
    nameOf.set(banner, name);
    const bytes = readImage(join(folder, name));
    if (typeof bytes === "number") {
      unreadable.push({ file: name, reason: tooLarge(bytes) });
      continue;
    }
    const type = typeOf(bytes);
    const size = type === undefined ? NOT_AN_IMAGE : sizeOf(bytes, type);
    if (typeof size === "string") unreadable.push({ file: name, reason: size });
    else images.set(banner, imageOf(bytes, type!, extension.toLowerCase() as ImageExtension, size, name));
  }
  return { name: basename(resolve(folder)), images, unreadable, ignored, ...(textFile !== undefined && { textFile }) };
}

export function imageOf(
  bytes: Uint8Array,
  type: ImageType,
  extension: ImageExtension,
  size = sizeOf(bytes, type),
  file?: string,
): BannerImage {
  const sha256 = createHash("sha256").update(bytes).digest();
  const { width, height } = typeof size === "string" ? UNKNOWN_SIZE : size;
  return { bytes, sha256, type, extension, width, height, ...(file !== undefined && { file }) };
}

/** The image's bytes, or their number where it is too large. */
function readImage(path: string): Uint8Array | number {
  try {
    const bytes = readFile(path);
    return bytes.length > MAX_IMAGE_BYTES ? bytes.length : bytes;
  } catch (error) {
    // Node.js reads no larger file as one.
    if ((error as NodeJS.ErrnoException).code === "ERR_FS_FILE_TOO_LARGE") return fileSize(path);
    throw error;
  }
}

export const PLACEHOLDER_SIZE: ImageSize = { width: 300, height: 250 };

export function placeholder(banner: number): string {
  const idWidth = Math.min(String(banner).length * 24, 260);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250" viewBox="0 0 300 250" role="img">` +
    `<title>Banner ${banner}</title>` +
    `<rect width="300" height="250" fill="#e7e9ee"/>` +
    `<rect x="8" y="8" width="284" height="234" fill="none" stroke="#9aa1ad" stroke-width="2" stroke-dasharray="6 6"/>` +
    `<g fill="#3b4252" font-family="system-ui, sans-serif" text-anchor="middle">` +
    `<text x="150" y="120" font-size="20">Banner</text>` +
    `<text x="150" y="165" font-size="40" font-weight="700" textLength="${idWidth}" lengthAdjust="spacingAndGlyphs">${banner}</text>` +
    `</g></svg>\n`
  );
}
