import type { IncomingHttpHeaders } from "node:http";
import t from "tap";
import { isByHttps, siteRefusal } from "../../../src/admin/guard.js";
import { get, type Route } from "../../../src/admin/route.js";

const HERE = "127.0.0.1";

const refusalOf = (...args: Parameters<typeof siteRefusal>): string | undefined => siteRefusal(...args)?.text;

await t.test("a request by a name of this server is let in, with or without a port", (t) => {
  for (const host of ["localhost", "LOCALHOST:8081", "127.0.0.1", "127.0.0.1:8081", "billboard.example:80"])
    t.equal(refusalOf({ host }, HERE, ["billboard.example"]), undefined, host);
  t.equal(refusalOf({ host: "[::1]:8081" }, "::1", []), undefined);
  t.equal(refusalOf({ host: "10.0.0.7:8081" }, "::ffff:10.0.0.7", []), undefined, "IPv4 on a socket of IPv6");
  t.equal(refusalOf({}, HERE, []), undefined, "a health check of HTTP/1.0, as no browser sends one");
  t.end();
});

await t.test("a request by any other name is refused, as that of a page whose name was made to point here", (t) => {
  for (const host of [
    "evil.example",
    "evil.example:8081",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.7",
    "[::1]",
    "127.0.0.1:8081:8081",
    "localhost:port",
    "user@localhost",
    "localhost/",
    "[localhost]",
    "",
  ])
    t.match(refusalOf({ host }, HERE, []), /Host.*ADMIN_ALLOWED_HOSTS.*localhost and 127\.0\.0\.1/, host);
  t.end();
});

await t.test("a page of another site is refused, and one of this port is not", (t) => {
  const host = "localhost:8081";
  t.equal(refusalOf({ host, origin: "http://localhost:8081" }, HERE, []), undefined);
  t.equal(refusalOf({ host, origin: "http://LOCALHOST:8081" }, HERE, []), undefined);
  for (const origin of [
    "http://evil.example",
    "https://localhost:8081",
    "http://localhost:8080",
    "http://localhost",
    "http://127.0.0.1:8081",
    "null",
    "",
  ])
    t.match(refusalOf({ host, origin }, HERE, []), /Origin/, origin);
  t.match(refusalOf({ origin: "http://undefined" }, HERE, []), /Origin/, "nor may it come without a Host");
  t.end();
});

await t.test("a page that a proxy serves by https is one of this port, where its name is allowed", (t) => {
  const headers = { host: "ads.example", origin: "https://ads.example" };
  t.equal(refusalOf(headers, HERE, ["ads.example"]), undefined);
  t.match(refusalOf({ ...headers, origin: "https://ads.example:8443" }, HERE, ["ads.example"]), /Origin/);
  t.match(refusalOf({ ...headers, origin: "https://other.example" }, HERE, ["ads.example", "other.example"]), /Origin/);
  t.match(refusalOf({ host: "localhost", origin: "https://localhost" }, HERE, ["ads.example"]), /Origin/);
  const proto = (host: string, value: string): IncomingHttpHeaders => ({ host, "x-forwarded-proto": value });
  t.ok(isByHttps(proto("ads.example", "https"), ["ads.example"]));
  t.notOk(isByHttps(proto("ads.example", "http"), ["ads.example"]));
  t.notOk(isByHttps(proto("localhost", "https"), ["ads.example"]), "a proxy goes by the name that it was asked for");
  t.end();
});

await t.test("what reveals or changes anything is not for other sites' pages, whatever they ask with", (t) => {
  const handle = (): void => undefined;
  const secret = get(handle);
  const post: Route = { method: "POST", tells: "nothing", handle };
  const page: Route = { ...secret, isPage: true };
  const from = (site: string, more: IncomingHttpHeaders = {}): IncomingHttpHeaders => ({
    host: "localhost",
    "sec-fetch-site": site,
    "sec-fetch-mode": "no-cors",
    ...more,
  });
  for (const route of [secret, get(handle, "figures"), post, page]) {
    for (const site of ["cross-site", "same-site", "new-word"])
      t.match(refusalOf(from(site), HERE, [], route), /Sec-Fetch-Site/, `${site} ${route.method}`);
    for (const site of ["same-origin", "none"]) t.equal(refusalOf(from(site), HERE, [], route), undefined, site);
    t.equal(refusalOf({ host: "localhost" }, HERE, [], route), undefined, "programs do not send it");
  }
  t.equal(refusalOf(from("cross-site"), HERE, [], get(handle, "nothing")), undefined);
  const link = from("cross-site", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" });
  t.equal(refusalOf(link, HERE, [], page), undefined, "a link may open the dashboard");
  t.match(refusalOf(link, HERE, [], secret), /Sec-Fetch-Site/);
  t.match(refusalOf({ ...link, "sec-fetch-dest": "iframe" }, HERE, [], page), /Sec-Fetch-Site/);
  t.end();
});
