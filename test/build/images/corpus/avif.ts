/** AVIFs, put together box by box round the pixels of one of 3 x 2, and a tile of 64 x 64. */
import { IMAGE_BYTES } from "../image-bytes.js";
import {
  avif,
  box,
  boxOf,
  fullBox,
  pixelsOf,
  sequence,
  uint16s,
  uint32s,
  type Item,
  type Parts,
} from "./avif-boxes.js";
import { images, latin, type OddImages } from "./odd-image.js";
import { orientation } from "./tiff.js";

/** Made with sharp 0.35, as those of image-bytes.ts. */
const TILE = Buffer.from(
  "AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAANZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJp" +
    "bG9jAAAAAERAAAEAAQAAAAAA+gABAAAAAAAAACwAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABhdjAxAAAAAA5waXRtAAAAAAAB" +
    "AAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgSACAAAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAA" +
    "AAEAAQOBAgMAAAA0bWRhdBIACgk4FX/9pAQ0GkAyHRlCYwTDzzzzQSAAz8xFIr4SLONSgkDrKdgBAnKA",
  "base64",
);

const FILE = IMAGE_BYTES.avif;
const CODEC = boxOf(FILE, "av1C");
const extent = (width: number, height: number): Buffer => fullBox("ispe", 0, uint32s(width, height));
const rotation = (quarters: number): Buffer => box("irot", Buffer.from([quarters]));
const crop = (width: number, height: number, x: number, y: number): Buffer =>
  box("clap", uint32s(width, 1, height, 1, x, 2, y, 2));
const MIRROR = box("imir", Buffer.from([1]));

const image = (properties: readonly number[]): Item => ({ type: "av01", data: pixelsOf(FILE), properties });
/** With so many essential properties more. */
function changed(more: readonly Buffer[], parts: Partial<Parts> = {}): Buffer {
  const properties = [CODEC, extent(3, 2), ...more];
  return avif({ properties, items: [image([1, -2, ...more.map((_, at) => at + 3)])], ...parts });
}

const tile: Item = { type: "av01", data: pixelsOf(TILE), properties: [1, -2] };
const grid = (width: number, height: number, more: readonly Buffer[] = []): Buffer =>
  avif({
    properties: [boxOf(TILE, "av1C"), extent(64, 64), extent(width, height), ...more],
    items: [
      {
        type: "grid",
        data: Buffer.concat([latin("\0\0\0\x01"), uint16s(width, height)]),
        properties: [-3, ...more.map((_, at) => at + 4)],
      },
      tile,
      tile,
    ],
    references: box("dimg", uint16s(1, 2, 2, 3)),
  });

const END_OF_TYPE = FILE.readUInt32BE(0);

export const AVIFS: OddImages = {
  shown: images({
    plain: FILE,
    ...Object.fromEntries([0, 1, 2, 3].map((quarters) => [`turned by ${quarters}`, changed([rotation(quarters)])])),
    "turned and mirrored": changed([rotation(1), MIRROR]),
    "mirrored and turned": changed([MIRROR, rotation(3)]),
    "a turn that is another item's": avif({
      properties: [CODEC, extent(3, 2), rotation(1)],
      items: [image([1, -2]), image([1, -2, 3])],
    }),
    "cropped from its corner": changed([crop(2, 1, -1, -1)]),
    "cropped in its middle": changed([crop(1, 2, 0, 0)]),
    "cropped from its corner and turned": changed([rotation(1), crop(2, 1, -1, -1)]),
    "another item's extent first": avif({
      properties: [extent(7, 7), CODEC, extent(3, 2)],
      items: [image([2, -3])],
    }),
    "a primary item that comes second": avif({
      properties: [CODEC, extent(3, 2), boxOf(TILE, "av1C"), extent(64, 64)],
      items: [image([1, -2]), { ...tile, properties: [3, -4] }],
      primary: 2,
    }),
    "EXIF that turns it": avif({
      properties: [CODEC, extent(3, 2)],
      items: [image([1, -2]), { type: "Exif", data: Buffer.concat([uint32s(0), orientation(6)]), properties: [] }],
      references: box("cdsc", uint16s(2, 1, 1)),
    }),
    "of tiles": grid(120, 60),
    "of tiles, turned": grid(120, 60, [rotation(1)]),
    "another major brand": changed([], { brands: ["mif1", "avif"] }),
    "its brand behind ten others": changed([], {
      brands: ["mif1", ...Array.from("abcdefghij", (one) => one.repeat(4)), "avif"],
    }),
    "a box before its metadata": Buffer.concat([
      FILE.subarray(0, END_OF_TYPE),
      box("free"),
      FILE.subarray(END_OF_TYPE),
    ]),
    sequence: sequence(FILE, 3, 2),
    "sequence, larger than its frames": sequence(FILE, 6, 4),
    "sequence, turned": sequence(FILE, 3, 2, [rotation(1)]),
    "other bytes behind its end": Buffer.concat([FILE, latin("rest")]),
  }),
  broken: images({
    "no extent": avif({ properties: [CODEC], items: [image([1])] }),
    "no width": avif({ properties: [CODEC, extent(0, 2)], items: [image([1, -2])] }),
    "a turn that need not be understood": avif({
      properties: [CODEC, extent(3, 2), rotation(1)],
      items: [image([1, -2, -3])],
    }),
    "a turn by five quarters": changed([rotation(5)]),
    "brands of HEIC": changed([], { brands: ["mif1", "heic"] }),
    "a sequence without a track": changed([], { brands: ["avis", "avif"] }),
    "cut in its metadata": FILE.subarray(0, 120),
    "cut in its pixels": FILE.subarray(0, -4),
    "cut, sequence": sequence(FILE, 3, 2).subarray(0, -40),
    "40000 x 2": avif({ properties: [CODEC, extent(40_000, 2)], items: [image([1, -2])] }),
  }),
};
