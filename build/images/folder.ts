/** The image folder to images: their bytes, their true type and the ending of their address. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { IMAGE_EXTENSIONS, type ImageExtension, type ImageType } from "../../src/index/sections.js";
import { readId } from "../../src/index/ids.js";
import { DataError } from "../data-error.js";
import { sizeOf, typeOf, UNTOLD, type ImageSize } from "./header.js";

export interface BannerImage extends ImageSize {
  /** The file's name, or undefined where the image was drawn. */
  readonly file?: string;
  readonly bytes: Uint8Array;
  readonly sha256: Buffer;
  readonly type: ImageType;
  readonly extension: ImageExtension;
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
  /** Files named as banners whose bytes are no image, or a damaged one. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  /** The path of `banners.csv`, where there is one. */
  readonly textFile?: string;
  /** Other files, which are not read. */
  readonly ignored: readonly string[];
}

/** What says of banners what their images do not. */
export const TEXT_FILE = "banners.csv";

const IMAGE_NAME = new RegExp(`^image_([0-9]+)\\.(${IMAGE_EXTENSIONS.join("|")})$`);

const NOT_AN_IMAGE = `not an image: expected the bytes of one of ${IMAGE_EXTENSIONS.join(", ")}`;

function noSize(type: ImageType): string {
  return `a damaged image: expected a ${type} whose header tells its width and height`;
}

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
    if (type === undefined) unreadable.push({ file: name, reason: NOT_AN_IMAGE });
    else if (sizeOf(bytes, type) === undefined) unreadable.push({ file: name, reason: noSize(type) });
    else images.set(banner, imageOf(bytes, type, extension as ImageExtension, name));
  }
  return { name: basename(resolve(folder)), images, unreadable, ignored, ...(textFile !== undefined && { textFile }) };
}

export function imageOf(bytes: Uint8Array, type: ImageType, extension: ImageExtension, file?: string): BannerImage {
  const sha256 = createHash("sha256").update(bytes).digest();
  return { bytes, sha256, type, extension, ...(sizeOf(bytes, type) ?? UNTOLD), ...(file !== undefined && { file }) };
}

async function readImage(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new DataError(`${path}: cannot be read as a file: ${(error as Error).message}`, { cause: error });
  }
}
