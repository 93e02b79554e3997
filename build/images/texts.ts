/** `banners.csv`, beside the images, to the alternative text and the link of each banner, with an account of every row. */
import { stat } from "node:fs/promises";
import type { BadRows } from "../read/bad-rows.js";
import type { BannerText } from "./folder.js";
import { digestFile } from "../read/digest.js";
import { idFault, parseId } from "../read/event-rows.js";
import { emptyAccount, requireBalance, type FileAccount } from "../count/account.js";
import { readRows } from "../read/csv-rows.js";
import type { RejectLog } from "../count/rejects.js";
import { quoted, type BadRowTaker, type RowFormat } from "../read/row-format.js";

/** Characters. */
const LONGEST_ALT = 1000;
const LONGEST_LINK = 2000;

interface TextTaker extends BadRowTaker {
  text(banner: number, text: BannerText, line: number): void;
}

const TEXT_ROWS: RowFormat<TextTaker> = {
  columns: ["banner_id", "alt", "link"],
  take: (row, line, places, taker) => {
    const bannerText = row[places[0]!]!;
    const altText = row[places[1]!]!;
    const linkText = row[places[2]!]!;
    const banner = parseId(bannerText);
    if (banner === 0) return idFault("banner_id", bannerText);
    const alt = altText.trim();
    const fault = faultOfAlt(alt);
    if (fault !== undefined) return `alt ${quoted(alt)} ${fault}`;
    const link = parseLink(linkText.trim());
    if (link === undefined)
      return `link is ${quoted(linkText)}, expected an http or https address, without a user name, of at most ${LONGEST_LINK} characters`;
    taker.text(banner, { alt, link }, line);
    return undefined;
  },
};

/** A line break in it would be most likely a quote that is not closed where it should be, with other rows in it. */
function faultOfAlt(alt: string): string | undefined {
  if (alt.includes("\uFFFD")) return "is not UTF-8 text: save the file as UTF-8";
  if (/\p{Cc}/u.test(alt)) return "has a line break or another control character, expected one line of text";
  if (alt.length > LONGEST_ALT) return `has ${alt.length} characters, expected at most ${LONGEST_ALT}`;
  return undefined;
}

/** As it goes into pages and headers, all ASCII; "" for none, undefined for what is no link. */
function parseLink(text: string): string | undefined {
  if (text === "") return "";
  // The standard's parser takes what is not there to be seen out of an address, and knows many schemes.
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text)) return undefined;
  const { href, username, password } = new URL(text);
  return username === "" && password === "" && href.length <= LONGEST_LINK ? href : undefined;
}

export interface BannerTexts {
  readonly texts: ReadonlyMap<number, BannerText>;
  readonly account: FileAccount;
}

/**
 * @param file its path, and its name in reports
 * @param banners those that are in a cell or have an image
 * @throws DataError where the header row is not one
 */
export async function readBannerTexts(
  file: { readonly path: string; readonly name: string },
  banners: ReadonlySet<number>,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<BannerTexts> {
  const { path, name } = file;
  const { size: bytes } = await stat(path);
  const account = emptyAccount({
    kind: "banners",
    period: undefined,
    name,
    path,
    bytes,
    digest: await digestFile(path),
  });
  const texts = new Map<number, BannerText>();
  const firstLines = new Map<number, number>();
  const { rows, unknownColumns } = await readRows(path, TEXT_ROWS, {
    text: (banner, text, line) => {
      const first = texts.get(banner);
      if (!banners.has(banner)) {
        account.rejected.orphan++;
        rejects.write(name, line, "orphan", `banner_id ${banner} is in no cell and has no image`);
      } else if (first !== undefined) {
        const isSame = first.alt === text.alt && first.link === text.link;
        const kind = isSame ? "duplicate" : "conflict";
        account.rejected[kind]++;
        const reason = `banner_id ${banner} came before with ${isSame ? "the same" : "other"} content`;
        rejects.write(name, line, kind, reason, { file: name, line: firstLines.get(banner)! });
      } else {
        texts.set(banner, text);
        firstLines.set(banner, line);
        account.used++;
      }
    },
    malformed: (line, reason) => {
      badRows.add(path, line, reason);
      account.rejected.malformed++;
      rejects.write(name, line, "malformed", reason);
    },
  });
  account.read = rows;
  account.unknownColumns = unknownColumns;
  requireBalance(account);
  return { texts, account };
}
