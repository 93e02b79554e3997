/** Reads `banners.csv`: the alternative text and the link of each banner, and when it is to be shown. */
import { readId } from "../../src/index/ids.js";
import { quoted } from "../../src/options/printable.js";
import type { FileAccount } from "../count/account.js";
import { readIdTable, type IdRowSink } from "../count/id-table.js";
import type { RejectLog } from "../count/rejects.js";
import type { BadRows } from "../read/data-error.js";
import { idError } from "../read/event-rows.js";
import type { RowFormat } from "../read/row-format.js";
import type { BannerText } from "./folder.js";
import { readSchedule, type Schedule } from "./schedule.js";

const MAX_ALT_LENGTH = 1000;
const MAX_LINK_LENGTH = 2000;

export interface BannerRow extends BannerText, Schedule {}

/** @param timeZone of times without an offset */
function bannerRows(timeZone: string): RowFormat<IdRowSink<BannerRow>> {
  return {
    columns: ["banner_id", "alt", "link", "status", "from", "until"],
    optional: ["status", "from", "until"],
    parse: (row, line, columns, sink) => {
      const [bannerText, altText, linkText, status, from, until] = columns.map((column) => row[column] ?? "");
      const banner = readId(bannerText!);
      if (banner === 0) return idError("banner_id", bannerText!);
      const alt = altText!.trim();
      const altError = lineError(alt, MAX_ALT_LENGTH);
      if (altError !== undefined) return `alt ${quoted(alt)} ${altError}`;
      const link = parseLink(linkText!.trim());
      if (link === undefined)
        return `link is ${quoted(linkText!)}, expected an http or https address, without a user name, of at most ${MAX_LINK_LENGTH} characters`;
      const schedule = readSchedule(status!.trim(), from!.trim(), until!.trim(), timeZone);
      if (typeof schedule === "string") return schedule;
      sink.row(banner, { alt, link, ...schedule }, line);
      return undefined;
    },
  };
}

/** A line break most likely comes from a quote that is not closed, and has swallowed other rows. */
export function lineError(text: string, maxLength: number): string | undefined {
  if (text.includes("\uFFFD")) return "is not UTF-8 text: save the file as UTF-8";
  if (/\p{Cc}/u.test(text)) return "has a line break or another control character, expected one line of text";
  if (text.length > maxLength) return `has ${text.length} characters, expected at most ${maxLength}`;
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
  readonly texts: ReadonlyMap<number, BannerRow>;
  readonly account: FileAccount;
}

export async function readBannerTexts(
  file: { readonly path: string; readonly name: string },
  banners: ReadonlySet<number>,
  timeZone: string,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<BannerTexts> {
  const isKnown = (banner: number): boolean => banners.has(banner);
  const { rows, account } = await readIdTable(
    { ...file, kind: "banners" },
    bannerRows(timeZone),
    isKnown,
    "is in no cell and has no image",
    badRows,
    rejects,
  );
  return { texts: rows, account };
}
