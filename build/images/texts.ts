/** Reads `banners.csv`: the alternative text and the link of each banner, with an account of every row. */
import { fileStats } from "../../src/options/regular-file.js";
import { emptyAccount, requireBalance, type AccountedFile, type FileAccount } from "../count/account.js";
import type { RejectLog } from "../count/rejects.js";
import type { BadRows } from "../read/data-error.js";
import { idError, parseId } from "../read/event-rows.js";
import { quoted, type BadRowSink, type RowFormat } from "../read/row-format.js";
import { readRows } from "../read/text-file.js";
import type { BannerText } from "./folder.js";

const MAX_ALT_LENGTH = 1000;
const MAX_LINK_LENGTH = 2000;

interface TextSink extends BadRowSink {
  text(banner: number, text: BannerText, line: number): void;
}

const TEXT_ROWS: RowFormat<TextSink> = {
  columns: ["banner_id", "alt", "link"],
  parse: (row, line, columns, sink) => {
    const bannerText = row[columns[0]!]!;
    const altText = row[columns[1]!]!;
    const linkText = row[columns[2]!]!;
    const banner = parseId(bannerText);
    if (banner === 0) return idError("banner_id", bannerText);
    const alt = altText.trim();
    const altError = errorInAlt(alt);
    if (altError !== undefined) return `alt ${quoted(alt)} ${altError}`;
    const link = parseLink(linkText.trim());
    if (link === undefined)
      return `link is ${quoted(linkText)}, expected an http or https address, without a user name, of at most ${MAX_LINK_LENGTH} characters`;
    sink.text(banner, { alt, link }, line);
    return undefined;
  },
};

/** A line break most likely comes from a quote that is not closed, and has swallowed other rows. */
function errorInAlt(alt: string): string | undefined {
  if (alt.includes("\uFFFD")) return "is not UTF-8 text: save the file as UTF-8";
  if (/\p{Cc}/u.test(alt)) return "has a line break or another control character, expected one line of text";
  if (alt.length > MAX_ALT_LENGTH) return `has ${alt.length} characters, expected at most ${MAX_ALT_LENGTH}`;
  return undefined;
}

/** As ASCII, for pages and headers; "" for none, undefined for what is no link. */
function parseLink(text: string): string | undefined {
  if (text === "") return "";
  // `URL` drops blanks and control characters in silence, and allows any scheme.
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text)) return undefined;
  const { href, username, password } = new URL(text);
  return username === "" && password === "" && href.length <= MAX_LINK_LENGTH ? href : undefined;
}

export interface BannerTexts {
  readonly texts: ReadonlyMap<number, BannerText>;
  readonly account: FileAccount;
}

export async function readBannerTexts(
  { path, name }: Pick<AccountedFile, "path" | "name">,
  banners: ReadonlySet<number>,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<BannerTexts> {
  const { size: bytes, mtimeMs: modified } = fileStats(path);
  const account = emptyAccount({ kind: "banners", period: undefined, name, path, bytes });
  const texts = new Map<number, BannerText>();
  const firstLines = new Map<number, number>();
  const { rows, unknownColumns, digest } = await readRows({ path, bytes, modified }, TEXT_ROWS, {
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
  Object.assign(account, { read: rows, unknownColumns, digest });
  badRows.endFile(path, rows);
  requireBalance(account);
  return { texts, account };
}
