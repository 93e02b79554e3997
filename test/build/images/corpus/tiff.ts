/** Writes the TIFF that an EXIF block is. */
import { big, latin, little } from "./odd-image.js";

type Entry = readonly [tag: number, type: "short" | "long" | "rational", value: number];

const TYPES = { short: 3, long: 4, rational: 5 };

export function tiff(entries: readonly Entry[], exifFolder: readonly Entry[] = [], order: "MM" | "II" = "MM"): Buffer {
  const write = order === "MM" ? big : little;
  const linked: readonly Entry[] = exifFolder.length > 0 ? [...entries, [0x8769, "long", 0]] : entries;
  const folderEnd = 8 + 2 + 12 * linked.length + 4;
  const rationals = linked.filter(([, type]) => type === "rational").map(([, , value]) => value);
  const folder = (list: readonly Entry[]): Buffer => {
    let place = folderEnd;
    const written = list.map(([tag, type, value]) => {
      const content =
        type === "short"
          ? Buffer.concat([write(value, 2), Buffer.alloc(2)])
          : write(tag === 0x8769 ? folderEnd + 8 * rationals.length : type === "rational" ? place : value, 4);
      if (type === "rational") place += 8;
      return Buffer.concat([write(tag, 2), write(TYPES[type], 2), write(1, 4), content]);
    });
    return Buffer.concat([write(list.length, 2), ...written, write(0, 4)]);
  };
  return Buffer.concat([
    latin(order === "MM" ? "MM\0*" : "II*\0"),
    write(8, 4),
    folder(linked),
    ...rationals.flatMap((value) => [write(value * 10, 4), write(10, 4)]),
    ...(exifFolder.length > 0 ? [folder(exifFolder)] : []),
  ]);
}

export const orientation = (value: number, order: "MM" | "II" = "MM"): Buffer =>
  tiff([[0x0112, "short", value]], [], order);

/** A camera's block: how dense the pixels are, and how many the image is meant to have. */
export function density(
  [width, height]: readonly [number, number],
  [x, y]: readonly [number, number],
  { unit = 2, before = [] }: { readonly unit?: number; readonly before?: readonly Entry[] } = {},
): Buffer {
  return tiff(
    [...before, [0x011a, "rational", x], [0x011b, "rational", y], [0x0128, "short", unit]],
    [
      [0xa002, "long", width],
      [0xa003, "long", height],
    ],
  );
}
