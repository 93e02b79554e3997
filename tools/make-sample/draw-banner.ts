import { motifOf } from "./motifs.js";
import { PALETTES } from "./palettes.js";
import { seededRandom } from "./random.js";

const FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";

/** The poster of one banner: an SVG of 300 x 250 with its id in large digits. It depends on the id alone, and has room for four digits. */
export function drawBanner(banner: number): string {
  // The lengths of the two lists have no common factor, so that each pair comes once in as many ids as there are pairs.
  const motif = motifOf(banner);
  const { ground, shapes, ink } = PALETTES[banner % PALETTES.length]!;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250" viewBox="0 0 300 250">`,
    `<title>Banner ${banner}</title>`,
    `<linearGradient id="ground" x2="0" y2="1">`,
    `<stop stop-color="${ground[0]}"/><stop offset="1" stop-color="${ground[1]}"/>`,
    `</linearGradient>`,
    `<path fill="url(#ground)" d="M0 0h300v250H0z"/>`,
    ...motif.draw(shapes, seededRandom(`banner ${banner}`)),
    `<text x="22" y="${motif.number === "top" ? 84 : 228}" fill="${ink}"`,
    ` font-family="${FONTS}" font-size="72" font-weight="800" letter-spacing="-3">${banner}</text>`,
    `</svg>`,
  ];
  return lines.join("\n") + "\n";
}
