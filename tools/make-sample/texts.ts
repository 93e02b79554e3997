/** Writes the sample's `banners.csv`: most banners have a text and a link, some one of them, some neither. */
import { BANNERS_WITH_IMAGE } from "./campaigns.js";

const MOTIFS = [
  "The sun sets over the sea",
  "Planets round a star",
  "Hills under a low sun",
  "A frieze of tiles",
  "Waves under the sun",
  "Three rainbows",
  "Two mountains in the moonlight",
  "A wall of cubes",
  "Rays of light",
  "A plant with eight leaves",
];
const SPECIAL: ReadonlyMap<number, string> = new Map([
  [108, 'The "summer, sun & sea" sale'],
  [121, "Größer, schöner, weiter – zum Mond & zurück"],
]);

export function bannersCsv(): string {
  const rows = BANNERS_WITH_IMAGE.map((banner) => {
    const alt = SPECIAL.get(banner) ?? (banner % 8 === 0 ? "" : MOTIFS[banner % 10]!);
    const link = banner % 6 === 0 ? "" : `https://example.com/offers/${banner}?from=billboard&kind=banner`;
    return [banner, alt, link].map((field) => quoted(String(field))).join(",");
  });
  return ["banner_id,alt,link", ...rows, ""].join("\n");
}

function quoted(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
