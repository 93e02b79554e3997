/** Makes visits of an index: campaigns at random, each with the cookie that the server set the time before. */
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Index } from "../../src/index/format.js";
import { seededRandom, type Random } from "../../tools/make-sample/random.js";
import { Pages } from "../contenders/page.js";

export interface Visit {
  readonly path: string;
  readonly cookie: string;
}

/** Cookies as other programs of a site set them, with usual lengths of their values. */
const OTHERS = Object.entries({
  _ga: 27,
  _gid: 26,
  session_id: 32,
  csrftoken: 64,
  consent: 12,
  _fbp: 30,
  theme: 4,
  locale: 5,
  cart: 36,
  ab_test: 16,
});
const SETS = 64;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Visits campaigns that have a cell now. @param cookies in the header, one of them the campaign's; 0 for no header */
export function* campaignVisits(
  index: Index,
  { count, cookies, now = Date.now() }: { count: number; cookies: number; now?: number },
): Generator<Visit> {
  const random = seededRandom("bench-traffic");
  const pages = new Pages(index, () => random.below(2 ** 31) / 2 ** 31, now);
  const { campaigns } = pages;
  const sets = setsOfCookies(Math.max(0, cookies - 1), random);
  const known = new Map<number, string>();
  for (let visit = 0; visit < count; visit++) {
    const campaign = campaigns[random.below(campaigns.length)]!;
    const path = `/campaigns/${campaign}/`;
    if (cookies === 0) {
      yield { path, cookie: "" };
      continue;
    }
    const cookie = known.get(campaign) ?? pages.cookieSet(path, "");
    yield { path, cookie: amongOthers(cookie, sets[visit % sets.length]!, random) };
    known.set(campaign, pages.cookieSet(path, cookie));
  }
}

/** Made before: to make them anew for each visit would take longer than all the rest. */
function setsOfCookies(others: number, random: Random): string[][] {
  return Array.from({ length: others === 0 ? 1 : SETS }, () =>
    Array.from({ length: others }, (_, at) => {
      const [name, length] = OTHERS[at % OTHERS.length]!;
      const number = at < OTHERS.length ? "" : String(Math.floor(at / OTHERS.length));
      const value = Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]!).join("");
      return `${name}${number}=${value}`;
    }),
  );
}

function amongOthers(cookie: string, others: readonly string[], random: Random): string {
  return others.toSpliced(random.below(others.length + 1), 0, cookie).join("; ");
}

export async function writeVisits(visits: Iterable<Visit>, file: string): Promise<void> {
  await writeFile(file, linesOf(visits));
}

function* linesOf(visits: Iterable<Visit>): Generator<string> {
  let piece = "";
  for (const { path, cookie } of visits) {
    piece += `${path}\t${cookie}\n`;
    if (piece.length < 1 << 16) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

export async function* readVisits(file: string): AsyncGenerator<Visit> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [path = "", cookie = ""] = line.split("\t");
    yield { path, cookie };
  }
}

export async function firstVisit(file: string): Promise<Visit> {
  for await (const visit of readVisits(file)) return visit;
  throw new Error(`${file}: there is no visit in it`);
}
