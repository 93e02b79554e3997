/** Whole images of each type, all of 3 x 2 pixels of one colour, as small as an encoder makes them. */
import type { ImageType } from "../../../src/index/sections.js";

/** ISO/IEC 14496-12, 4.3: the length of the box, `ftyp`, the major brand, the minor version, the compatible brands. */
export function fileTypeBox(major: string, ...compatible: readonly string[]): Buffer {
  const brands = Buffer.from(`ftyp${major}\0\0\0\0${compatible.join("")}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(brands.length + 4);
  return Buffer.concat([length, brands]);
}

const decoded = (base64: string): Buffer => Buffer.from(base64, "base64");

/** Made with sharp 0.35, at the lowest quality and without metadata; the SVG was written by hand. */
export const IMAGE_BYTES: Readonly<Record<ImageType, Buffer>> = {
  png: decoded(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAMAAACqqpYoAAAAA1BMVEXIHh4WiPieAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAC0lEQVQI12NggAAAAAgAAS8g3TEA" +
      "AAAASUVORK5CYII=",
  ),
  jpeg: decoded(
    "/9j/2wBDAP//////////////////////////////////////////////////////////////////////////////////////2wBDAf//////////////////////////" +
      "////////////////////////////////////////////////////////////wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAH/xAAUEAEAAAAA" +
      "AAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCABb//2Q==",
  ),
  webp: decoded("UklGRjAAAABXRUJQVlA4ICQAAABwAQCdASoDAAIADMDOJaACdAFAAAD+2iYRho1+LuxHGSQAAAA="),
  avif: decoded(
    "AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAANZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAAA" +
      "+gABAAAAAAAAACAAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABhdjAxAAAAAA5waXRtAAAAAAABAAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgSACAAAAABRpc3Bl" +
      "AAAAAAAAAAMAAAACAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAgMAAAAobWRhdBIACgg4BCtICGg0gDISH/JihOAAFgAAkDWOPC6Nwvl4",
  ),
  gif: decoded("R0lGODlhAwACAIAAAExpccgeHiH5BAUAAAAALAAAAAADAAIAAAICjF8AOw=="),
  svg: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><path fill="#c81e1e" d="M0 0h3v2H0z"/></svg>',
  ),
};

/** The other forms of WebP: without loss, and with an alpha channel beside what is lossy. */
export const LOSSLESS_WEBP = decoded("UklGRh4AAABXRUJQVlA4TBEAAAAvAkAAAAdQjyLXo/+BiOh/AAA=");
export const EXTENDED_WEBP = decoded(
  "UklGRlIAAABXRUJQVlA4WAoAAAAQAAAAAgAAAQAAQUxQSAcAAAAAgICAgICAAFZQOCAkAAAAcAEAnQEqAwACAAzAziWgAnQBQAAA/tomEYaNfi7sRxkkAAAA",
);
