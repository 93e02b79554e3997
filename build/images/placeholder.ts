/** The image of a banner that has none, so that a page never shows a broken picture. */

/** A plain SVG of 300 x 250 with the banner's id as text. */
export function placeholder(banner: number): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250" viewBox="0 0 300 250" role="img">` +
    `<title>Banner ${banner}</title>` +
    `<rect width="300" height="250" fill="#e7e9ee"/>` +
    `<rect x="8" y="8" width="284" height="234" fill="none" stroke="#9aa1ad" stroke-width="2" stroke-dasharray="6 6"/>` +
    `<g fill="#3b4252" font-family="system-ui, sans-serif" text-anchor="middle">` +
    `<text x="150" y="120" font-size="20">Banner</text>` +
    `<text x="150" y="165" font-size="40" font-weight="700" textLength="${Math.min(String(banner).length * 24, 260)}" lengthAdjust="spacingAndGlyphs">${banner}</text>` +
    `</g></svg>\n`
  );
}
