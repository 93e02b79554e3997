import t from "tap";
import {
  cookieEnd,
  DecisionHeaders,
  readCookie,
  readCookies,
  setCookie,
  type CookieSettings,
} from "../../../src/response/cookie.js";
import type { Request } from "../../../src/response/request.js";
import { VisitHistory } from "../../../src/decision/history.js";

type RequestHeaders = Pick<Request, "getHeader" | "forEach">;

/** The banners that one Cookie header tells. */
function seenIn(header: string, most = 1): number[] {
  const history = new VisitHistory(most);
  const isRead = readCookie(header, history);
  if (isRead !== history.count > 0) throw new Error(`it says ${isRead}, with ${history.count} seen`);
  return Array.from(history.ids.subarray(0, history.count));
}

/** The last banner of one Cookie header, or 0. */
const readLastBanner = (header: string): number => seenIn(header)[0] ?? 0;

/** The same of a request. */
function lastBannerOf(headers: RequestHeaders): number {
  const history = new VisitHistory(1);
  // What another visitor had seen.
  history.read("99");
  readCookies(headers, history);
  return history.count === 0 ? 0 : history.ids[0]!;
}

function headersOf(...lines: [name: string, value: string][]): RequestHeaders {
  return {
    getHeader: (wanted) => lines.find(([name]) => name === wanted)?.[1] ?? "",
    forEach: (each) => {
      for (const [name, value] of lines) each(name, value);
    },
  };
}

await t.test("the banner is read wherever the cookie stands in the header", (t) => {
  t.equal(readLastBanner("last_banner=371"), 371);
  t.equal(readLastBanner("a=1; last_banner=371; b=2"), 371);
  t.equal(readLastBanner("a=1;last_banner=371;b=2"), 371);
  t.equal(readLastBanner("a=1; \tlast_banner=371 ; b=2"), 371);
  t.equal(readLastBanner("last_banner=4294967295"), 4294967295);
  t.end();
});

await t.test("a value that is no banner id is as if absent", (t) => {
  for (const value of [
    "",
    " ",
    "abc",
    "-5",
    "+5",
    "5.0",
    "5e3",
    "0x10",
    '"371"',
    "37 1",
    "371,372",
    "٣٧١",
    "%33",
    "4294967296",
    "99999999999999999999999999",
    "0",
    "0371",
  ])
    t.equal(readLastBanner(`a=1; last_banner=${value}; b=2`), 0, JSON.stringify(value));
  t.end();
});

await t.test("another cookie whose name or value ends as ours begins is not ours", (t) => {
  t.equal(readLastBanner("not_last_banner=5"), 0);
  t.equal(readLastBanner("x=last_banner=5"), 0);
  t.equal(readLastBanner("last_banner_2=5"), 0);
  t.equal(readLastBanner("LAST_BANNER=5"), 0);
  t.equal(readLastBanner("my_last_banner=5; last_banner=6"), 6);
  t.end();
});

await t.test("of our name twice the first counts that holds a banner id", (t) => {
  t.equal(readLastBanner("last_banner=5; last_banner=6"), 5);
  t.equal(readLastBanner("last_banner=x; last_banner=6"), 6);
  t.end();
});

await t.test("the cookie is found in any of several Cookie headers", (t) => {
  t.equal(lastBannerOf(headersOf(["cookie", "a=1"], ["cookie", "last_banner=7"])), 7);
  t.equal(lastBannerOf(headersOf(["cookie", "last_banner=x"], ["host", "y"], ["cookie", "last_banner=7"])), 7);
  t.equal(lastBannerOf(headersOf(["cookie", "last_banner=6"], ["cookie", "last_banner=7"])), 6);
  t.equal(lastBannerOf(headersOf(["cookie", "a=1"], ["cookie", "last_banner=6"], ["cookie", "last_banner=7"])), 6);
  t.equal(lastBannerOf(headersOf(["x-cookie", "last_banner=7"])), 0);
  t.equal(lastBannerOf(headersOf()), 0);
  t.end();
});

await t.test("Set-Cookie is as the wire has it", (t) => {
  t.equal(
    setCookie("371", "7", cookieEnd({ maxAge: 2592000, secure: false, sameSite: "Lax" })),
    "last_banner=371; Path=/campaigns/7; Max-Age=2592000; HttpOnly; SameSite=Lax",
  );
  const end = (secure: boolean, sameSite: CookieSettings["sameSite"]): string =>
    cookieEnd({ maxAge: 60, secure, sameSite });
  t.equal(end(true, "Lax"), "; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
  t.equal(end(false, "Strict"), "; Max-Age=60; HttpOnly; SameSite=Strict");
  for (const secure of [false, true])
    t.equal(end(secure, "None"), "; Max-Age=60; HttpOnly; SameSite=None; Secure; Partitioned");
  t.end();
});

await t.test(
  "a sequence is read in its order, and nothing of one that is too long, or has something else in it",
  (t) => {
    t.same(seenIn("a=1-2; last_banner=371-5-4294967295; b=3-4", 10), [371, 5, 4294967295]);
    t.same(seenIn("last_banner=371", 10), [371]);
    t.same(seenIn("last_banner=1-2-3-4-5-6-7-8-9-10", 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    t.same(seenIn("last_banner=1-2-3-4-5-6-7-8-9-10-11", 10), []);
    for (const value of ["-", "5-", "-5", "5--6", "5-06", "5-x", "5 -6", "5-4294967296", "5.6"])
      t.same(seenIn(`last_banner=${value}; a=1-2`, 10), [], value);
    t.same(seenIn("last_banner=5-; last_banner=6-7", 10), [6, 7]);
    t.same(seenIn("last_banner=371-5"), [], "where only the last counts, a sequence is no number");
    t.same(seenIn("last_banner=371", 0), [], "where none counts");
    t.end();
  },
);

await t.test("what is remembered comes behind the banner that is shown", (t) => {
  const history = new VisitHistory(10);
  t.equal(history.tail(), "");
  history.read("371-5-88");
  t.equal(history.tail(), "-371-5-88");
  t.notOk(history.read("x"));
  t.equal(history.tail(), "");
  t.end();
});

const END = "; Max-Age=60; HttpOnly; SameSite=Lax";
const text = (block: Uint8Array): string => Buffer.from(block).toString("latin1");
const headers = (cookieEnd: string | undefined): DecisionHeaders =>
  new DecisionHeaders(["200 OK", "private, no-store", "X-Some: line"], cookieEnd);
const START = "200 OK\r\nCache-Control: private, no-store\r\nX-Some: line";
const cookie = (banners: string, campaign: string): string =>
  `${START}\r\nSet-Cookie: last_banner=${banners}; Path=/campaigns/${campaign}${END}`;

await t.test("the header block has the banner and the campaign of each request, whatever was asked before", (t) => {
  const decision = headers(END);
  const ids = ["1", "7", "10", "2", "4294967295", "1234567890", "99", "1"];
  for (const banner of ids)
    for (const campaign of ids) t.equal(text(decision.for(banner, "", campaign)), cookie(banner, campaign));
  t.end();
});

await t.test("what is remembered behind the banner stands in the cookie, and is gone with the next request", (t) => {
  const decision = headers(END);
  t.equal(text(decision.for("371", "", "7")), cookie("371", "7"));
  t.equal(text(decision.for("371", "-5-88", "7")), cookie("371-5-88", "7"));
  t.equal(text(decision.for("371", "", "8")), cookie("371", "8"));
  t.equal(text(decision.for("371", "-5", "123")), cookie("371-5", "123"));
  t.end();
});

await t.test("two header blocks keep apart what they write", (t) => {
  const [one, other] = [headers(END), headers(END)];
  const first = one.for("371", "", "7");
  one.for("372", "", "8");
  const second = other.for("371", "", "9");
  t.equal(text(first), cookie("372", "8"), "it holds until the next call");
  t.equal(text(second), cookie("371", "9"));
  t.end();
});

await t.test("without a cookie the header block is the same for all", (t) => {
  t.equal(text(headers(undefined).for("371", "", "7")), START);
  t.equal(text(headers(undefined).for("371", "", "4294967295")), START);
  t.end();
});
