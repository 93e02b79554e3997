/** Reads the size that browsers draw an SVG at by itself: CSS Images 3, 5.3, and SVG 2, 8.12. */
import { encodingOf, readRoot, SVG_NAMESPACE, XmlError } from "./svg-root.js";
import { UNKNOWN_SIZE, type ImageSize } from "./size.js";

export const NOT_AN_SVG = Symbol("not an SVG");

/** CSS 2.2, 10.3.2. */
const DEFAULT_SIZE: ImageSize = { width: 300, height: 150 };

/** As far as Chromium's lengths in layout go. */
const MAX_SIDE = 33_554_428;

const MAX_SPACE_BYTES = 4096;

/** Undefined where it is left to the default. */
type Side = number | undefined;

/** Whether it is text that begins as XML does, which an SVG may do behind anything but another text. */
export function isMarkup(bytes: Uint8Array): boolean {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes.subarray(0, MAX_SPACE_BYTES));
  return text.trimStart().startsWith("<");
}

/** UNKNOWN_SIZE where it depends on a font or is calculated; a reason where browsers draw nothing. */
export function svgSize(bytes: Uint8Array): ImageSize | string | typeof NOT_AN_SVG {
  try {
    const { name, namespace, attributes } = readRoot(bytes);
    if (name !== "svg") return NOT_AN_SVG;
    if (namespace !== SVG_NAMESPACE)
      return `an SVG without xmlns="${SVG_NAMESPACE}", which browsers do not draw: add it to the root element`;
    return naturalSize(attributes);
  } catch (error) {
    if (error instanceof XmlError) return `neither an image nor XML that browsers draw as one: ${error.message}`;
    throw error;
  }
}

function naturalSize(attributes: ReadonlyMap<string, string>): ImageSize | string {
  const width = parseLength(trimmed(attributes.get("width")));
  const height = parseLength(trimmed(attributes.get("height")));
  if (width === "relative" || height === "relative") return UNKNOWN_SIZE;
  const size = sizeBy(width, height, ratioOf(attributes));
  const [w, h] = [size.width, size.height].map((side) => Math.min(Math.round(Math.fround(side)), MAX_SIDE)) as [
    number,
    number,
  ];
  if (w > 0 && h > 0) return { width: w, height: h };
  return `an SVG of ${w} x ${h} pixels, of which browsers draw nothing: give its root element a width and a height`;
}

/** The default sizing algorithm: CSS Images 3, 5.3.2 and 5.3.3. */
function sizeBy(width: Side, height: Side, ratio: number | "stretched" | undefined): ImageSize {
  if (width !== undefined && height !== undefined) return { width, height };
  // Chromium drops the one side that is known, too.
  if (ratio === "stretched") return DEFAULT_SIZE;
  if (ratio === undefined) return { width: width ?? DEFAULT_SIZE.width, height: height ?? DEFAULT_SIZE.height };
  if (width !== undefined) return { width, height: width / ratio };
  if (height !== undefined) return { width: height * ratio, height };
  const scale = Math.min(DEFAULT_SIZE.width / ratio, DEFAULT_SIZE.height);
  return { width: scale * ratio, height: scale };
}

const NUMBER = /[+-]?(?:\d+\.\d+|\.\d+|\d+(?!\.\d))(?:e[+-]?\d+)?(?!\d)/.source;
const LENGTH = new RegExp(`^(${NUMBER})([a-z]*|%)$`, "i");
const COMMA = "[ \\t\\r\\n]*,?[ \\t\\r\\n]*";
const VIEW_BOX = new RegExp(`^${NUMBER}${COMMA}${NUMBER}${COMMA}(${NUMBER})${COMMA}(${NUMBER})$`, "i");

/** CSS Values 4, 6.2, in pixels. */
const PIXELS: Readonly<Record<string, number>> = {
  "": 1,
  px: 1,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  q: 96 / 101.6,
  pt: 96 / 72,
  pc: 16,
};

const OF_A_FONT = /^r?(?:em|ex|ch|ic|cap|lh)$/;
const OF_A_VIEWPORT = /^(?:[sld]?v(?:w|h|i|b|min|max)|cq(?:w|h|i|b|min|max))$/;

/** Undefined for what leaves the side to the default: a percentage, and what is no length. */
function parseLength(text: string): Side | "relative" {
  if (/[(\\]|\/\*/.test(text)) return "relative";
  const [, number = "", unit = ""] = LENGTH.exec(text) ?? [];
  const name = unit.toLowerCase();
  if (number === "" || name === "%") return undefined;
  if (OF_A_FONT.test(name)) return "relative";
  // An image has no viewport when its size is asked for.
  if (OF_A_VIEWPORT.test(name)) return 0;
  const pixels = PIXELS[name];
  return pixels === undefined ? undefined : Math.max(0, Number(number) * pixels);
}

/** Width by height, where the drawing has one and keeps it. */
function ratioOf(attributes: ReadonlyMap<string, string>): number | "stretched" | undefined {
  if (/^none(?:[ \t\r\n]+(?:meet|slice))?$/.test(trimmed(attributes.get("preserveAspectRatio")))) return "stretched";
  const [, width = 0, height = 0] = (VIEW_BOX.exec(trimmed(attributes.get("viewBox"))) ?? [])
    .map(Number)
    .map(Math.fround);
  return width > 0 && height > 0 && width < Infinity && height < Infinity ? width / height : undefined;
}

/** XML's blanks: CSS and JavaScript have others. */
function trimmed(text = ""): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
}
