/** Writes what a site pastes into its pages to show a campaign's banners. It runs in browsers too. */
import type { BannerText, Campaign } from "./rows.js";

export interface Snippets {
  readonly frame: string;
  readonly script: string;
  readonly image: string;
}

/** Those that are "" or 0 are left out. */
type Attributes = Readonly<Record<string, string | number>>;

/**
 * @param server its address as visitors reach it, without a slash at the end
 * @param records whether it records clicks, which then lead by it to the link of the banner that was shown
 */
export function snippetsOf(
  server: string,
  { campaign, banners }: Pick<Campaign, "campaign" | "banners">,
  records = false,
): Snippets {
  const address = `${server}/campaigns/${campaign}`;
  const shown = Object.values(banners);
  // Room for each banner, where they are of several sizes.
  const [width, height] = [largest(shown, "width"), largest(shown, "height")];
  const room = { style: height > 0 ? `min-height: ${height}px` : "" };
  // Of the scheme of the page in it, whatever that of the page round it: else it would not be transparent.
  const style = "border: 0; color-scheme: light";
  const frame = { src: `${address}/`, width, height, title: "Advertisement", style };
  const script = { src: `${server}/embed.js`, "data-campaign": campaign };
  const image = { src: `${address}/banner`, width, height, alt: "Advertisement", style: "object-fit: contain" };
  return {
    frame: `<iframe${inLines(frame)}\n></iframe>\n`,
    script: `<div${inRow(room)}><script async${inRow(script)}></script></div>\n`,
    image: linked(
      records && shown.some(({ link }) => link !== "") ? `${address}/click` : linkOfAll(shown),
      (indent) => `<img${inLines(image, indent)}\n${indent}/>`,
    ),
  };
}

function largest(banners: readonly BannerText[], side: "width" | "height"): number {
  return banners.reduce((most, banner) => Math.max(most, banner[side] ?? 0), 0);
}

/** "" where it is not the same: an image alone cannot say which banner it shows. */
function linkOfAll(banners: readonly BannerText[]): string {
  const [first, ...others] = new Set(banners.map(({ link }) => link));
  return others.length === 0 ? (first ?? "") : "";
}

function linked(href: string, write: (indent: string) => string): string {
  if (href === "") return `${write("")}\n`;
  return `<a${inRow({ href, target: "_blank", rel: "sponsored noopener" })}>\n  ${write("  ")}\n</a>\n`;
}

function inRow(attributes: Attributes, before = " "): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== "" && value !== 0);
  return given.map(([name, value]) => `${before}${name}="${escaped(String(value))}"`).join("");
}

function inLines(attributes: Attributes, indent = ""): string {
  return inRow(attributes, `\n${indent}  `);
}

/** As people write it, within quotes. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
