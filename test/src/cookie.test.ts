import t from "tap";
import {
  cookieEnd,
  cookieStart,
  lastBannerOf,
  readLastBanner,
  type CookieSettings,
  type RequestHeaders,
} from "../../src/cookie.js";

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
    `${cookieStart(371)}7${cookieEnd({ maxAge: 2592000, secure: false, sameSite: "Lax" })}`,
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
