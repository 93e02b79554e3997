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
  /** Other files, which are not read. */
  readonly ignored: readonly string[];
}

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
  for (const name of names.sort()) {
    const [, id = "", extension] = IMAGE_NAME.exec(name) ?? [];
    const banner = readId(id, 0, id.length);
    if (banner === 0) {
      if (!name.startsWith(".")) ignored.push(name);
      continue;
    }
    const other = nameOf.get(banner);
    if (other !== undefined)
      throw new DataError(`${join(folder, name)}: banner ${banner} has an image in ${other} already: keep one of them`);
    nameOf.set(banner, name);
    const bytes = await readImage(join(folder, name));
    const type = typeOf(bytes);
    if (type === undefined)
      unreadable.push({
        file: name,
        reason: `not an image: expected the bytes of one of ${IMAGE_EXTENSIONS.join(", ")}`,
      });
    else images.set(banner, imageOf(bytes, type, extension as ImageExtension, name));
  }
  return { name: basename(resolve(folder)), images, unreadable, ignored };
}

export function imageOf(bytes: Uint8Array, type: ImageType, extension: ImageExtension, file?: string): BannerImage {
  const sha256 = createHash("sha256").update(bytes).digest();
  return { bytes, sha256, type, extension, ...sizeOf(bytes), ...(file !== undefined && { file }) };
}

/** EXIF's orientations from 5 on are those that lie on their side. */
const FIRST_SIDEWAYS = 5;

function sizeOf(bytes: Uint8Array): { width: number; height: number } {
  try {
    const { width, height, orientation = 1 } = imageSize(bytes);
    return orientation < FIRST_SIDEWAYS ? { width, height } : { width: height, height: width };
  } catch {
    // Of bytes that it cannot make sense of, the library says no more than that.
    return { width: 0, height: 0 };
  }
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
  const text = Buffer.from(bytes.subarray(0, 4096)).toString("utf8");
  if (
    /^\uFEFF?\s*(?:<\?xml[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!DOCTYPE\s+svg[^>[]*(?:\[[^\]]*\]\s*)?>\s*)*<svg[\s>/]/i.test(
      text,
    )
  )
    return "svg";
  return undefined;
}
