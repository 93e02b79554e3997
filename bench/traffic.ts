/** An index to the visits that a load generator makes: campaigns at random, each with the cookie that the server set the time before. */
import { periodAt } from "../src/decision/period.js";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import type { ResponseSettings } from "../src/response/decisions.js";
import type { Reply } from "../src/response/reply.js";
import type { Request } from "../src/response/request.js";
import { Router } from "../src/response/router.js";
import { imageReplies } from "../src/response/image.js";
import { Catalog, NONE } from "../src/index/catalog.js";
import type { Index } from "../src/index/format.js";
import { BANNER_PATH } from "../src/response/image.js";
import { seededRandom, type Random } from "../tools/make-sample/random.js";

export interface Visit {
  readonly path: string;
  /** What follows `Cookie: `, or "" for no such header. */
  readonly cookie: string;
}

/** As the server is where nobody sets anything. */
const SETTINGS: ResponseSettings = {
  cookie: { maxAge: 2_592_000, secure: false, sameSite: "Lax" },
  rotation: "no-repeat",
  bannerBaseUrl: BANNER_PATH,
  allowedOrigins: [],
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

/** Cookies as other programs of a site set them; `_ga` and its like. The names are as long as usual ones, and so are the values. */
const OTHER_NAMES = ["_ga", "_gid", "session_id", "csrftoken", "consent", "_fbp", "theme", "locale", "cart", "ab_test"];
const OTHER_LENGTHS = [27, 26, 32, 64, 12, 30, 4, 5, 36, 16];
const SETS = 64;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Visits to campaigns that have a cell now, each as likely as the other.
 * @param cookies how many there are in the header: that of the campaign, at any place, and others; 0 for no header
 * @param now milliseconds since 1970: which period it is
 * @yields as many as asked for
 */
export function* campaignVisits(
  index: Index,
  { count, cookies, now = Date.now() }: { count: number; cookies: number; now?: number },
): Generator<Visit> {
  const random = seededRandom("bench-traffic");
  const catalog = new Catalog(index);
  const chance = (): number => random.below(2 ** 31) / 2 ** 31;
  const router = new Router(catalog, SETTINGS, chance, () => now);
  const period = periodAt(now, SETTINGS.timeZone, index.counts.periods);
  const campaigns = index.campaignIds.filter((campaign) => catalog.cellOf(campaign, period) !== NONE);
  const reply: Reply = { series: 0, headers: new Uint8Array(0), body: "" };
  const sets = setsOfCookies(Math.max(0, cookies - 1), random);
  const known = new Map<number, string>();
  const visitor: Request = {
    getHeader: (name) => (name === "cookie" ? cookie : ""),
    forEach: () => undefined,
    getQuery: () => "",
  };
  let cookie = "";
  const ask = (path: string): string => {
    router.respond("GET", path, visitor, reply);
    return cookieOf(reply);
  };
  for (let visit = 0; visit < count; visit++) {
    const campaign = campaigns[random.below(campaigns.length)]!;
    const path = `/campaigns/${campaign}/`;
    if (cookies === 0) {
      yield { path, cookie: "" };
      continue;
    }
    cookie = "";
    cookie = known.get(campaign) ?? ask(path);
    yield { path, cookie: amongOthers(cookie, sets[visit % sets.length]!, random) };
    known.set(campaign, ask(path));
  }
}

/** `last_banner=371`, out of the head of an answer. */
function cookieOf({ headers }: Reply): string {
  const [, cookie] = /Set-Cookie: ([^;]+);/.exec(Buffer.from(headers).toString("latin1")) ?? [];
  if (cookie === undefined) throw new Error("the server has set no cookie");
  return cookie;
}

/** A few sets of other cookies, ready: to make them anew for each visit would take longer than all the rest. */
function setsOfCookies(others: number, random: Random): string[][] {
  return Array.from({ length: others === 0 ? 1 : SETS }, () =>
    Array.from({ length: others }, (_, at) => {
      const kind = at % OTHER_NAMES.length;
      const name = `${OTHER_NAMES[kind]!}${at < OTHER_NAMES.length ? "" : String(Math.floor(at / OTHER_NAMES.length))}`;
      return `${name}=${Array.from({ length: OTHER_LENGTHS[kind]! }, () => LETTERS[random.below(LETTERS.length)]!).join("")}`;
    }),
  );
}

function amongOthers(cookie: string, others: readonly string[], random: Random): string {
  const place = random.below(others.length + 1);
  return [...others.slice(0, place), cookie, ...others.slice(place)].join("; ");
}

/** Visits to images by the addresses that pages name, each as likely as the other. @yields as many as asked for */
export function* imageVisits(index: Index, count: number): Generator<Visit> {
  const random = seededRandom("bench-traffic");
  const catalog = new Catalog(index);
  const addresses = Array.from(index.bannerIds, (_, banner) => {
    const { name, version } = imageReplies(catalog, banner);
    return `${BANNER_PATH}${name}?${version}`;
  });
  for (let visit = 0; visit < count; visit++) yield { path: addresses[random.below(addresses.length)]!, cookie: "" };
}

/** One visit a line: the path, a tab, the cookies. */
export async function writeVisits(visits: Iterable<Visit>, file: string): Promise<void> {
  await pipeline(linesOf(visits), createWriteStream(file));
}

/** In pieces that are large enough for the disk. */
function* linesOf(visits: Iterable<Visit>): Generator<string> {
  let piece = "";
  for (const { path, cookie } of visits) {
    piece += `${path}\t${cookie}\n`;
    if (piece.length < 1 << 16) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** The first of a file. */
export async function firstVisit(file: string): Promise<Visit> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [path = "", cookie = ""] = line.split("\t");
    return { path, cookie };
  }
  throw new Error(`${file}: there is no visit in it`);
}
