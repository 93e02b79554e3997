/** GIFs of a screen and its frames, written block by block. */
import { images, latin, little, type OddImages } from "./odd-image.js";

const screen = (width: number, height: number): Buffer =>
  Buffer.concat([latin("GIF89a"), little(width, 2), little(height, 2), latin("\x80\0\0\xff\0\0\0\0\xff")]);

const frame = (x: number, y: number, width: number, height: number): Buffer =>
  Buffer.concat([latin(","), ...[x, y, width, height].map((side) => little(side, 2)), latin("\0\x02\x02\x84\x51\0")]);

const gif = (...blocks: readonly Buffer[]): Buffer => Buffer.concat([...blocks, latin(";")]);

const LOOP = latin("!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
const CONTROL = latin("!\xf9\x04\0\x0a\0\0\0");
const COMMENT = latin("!\xfe\x0ca, frame: ,;\x02ab\0");

export const GIFS: OddImages = {
  shown: images({
    plain: gif(screen(3, 2), frame(0, 0, 3, 2)),
    "of 1987": Buffer.from(
      gif(screen(3, 2), frame(0, 0, 3, 2))
        .toString("latin1")
        .replace("89a", "87a"),
      "latin1",
    ),
    "frame larger than its screen": gif(screen(3, 2), frame(0, 0, 6, 5)),
    "frame wider than its screen": gif(screen(3, 5), frame(0, 0, 6, 2)),
    "frame that begins beyond its screen": gif(screen(3, 2), frame(10, 9, 3, 2)),
    "frame within its screen": gif(screen(8, 7), frame(2, 2, 3, 2)),
    "screen of no size": gif(screen(0, 0), frame(0, 0, 3, 2)),
    "second frame larger": gif(screen(3, 2), CONTROL, frame(0, 0, 3, 2), CONTROL, frame(0, 0, 6, 5)),
    "animation, larger than its screen": gif(screen(3, 2), LOOP, CONTROL, frame(0, 0, 6, 5)),
    "comment before a larger frame": gif(screen(3, 2), COMMENT, frame(0, 0, 6, 5)),
    "rubbish before a larger frame": gif(screen(3, 2), latin("X"), frame(0, 0, 6, 5)),
    "no frame": gif(screen(3, 2)),
    "no trailer": Buffer.concat([screen(3, 2), frame(0, 0, 3, 2)]),
    "cut in its pixels": Buffer.concat([screen(3, 2), frame(0, 0, 6, 5).subarray(0, 12)]),
  }),
  broken: images({
    "neither screen nor frame of any size": gif(screen(0, 0), frame(0, 0, 0, 0)),
    "cut before its frame": screen(3, 2),
    "cut in its frame": Buffer.concat([screen(3, 2), frame(0, 0, 3, 2).subarray(0, 6)]),
    "cut in an extension": Buffer.concat([screen(3, 2), LOOP.subarray(0, 8)]),
    "of 1988": latin("GIF88a\x03\0\x02\0\0\0\0;"),
    "more than 2 GiB of pixels": gif(screen(30_000, 30_000), frame(0, 0, 3, 2)),
  }),
};
