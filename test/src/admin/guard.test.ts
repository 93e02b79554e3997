import t from "tap";
import { refusalOf } from "../../../src/admin/guard.js";

const HERE = "127.0.0.1";

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
