import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Router } from "../../../src/response/router.js";
import { SETTINGS } from "./response-settings.js";
import { request } from "../request.js";
import { smallCatalog } from "../small-index.js";

const router = new Router(smallCatalog([{ campaign: 777, period: 1, converting: [888] }]), SETTINGS);

await t.test("`/` says what this is and how addresses look, and names no campaign", (t) => {
  const { status, headers, body } = request(router, "GET", "/");
  const style = /<style>(.*?)<\/style>/s.exec(body)![1]!;
  const digest = createHash("sha256").update(style).digest("base64");
  t.equal(status, 200);
  t.same(headers, {
    "cache-control": "public, max-age=3600",
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    "x-content-type-options": "nosniff",
  });
  t.match(body, "advertising banners");
  t.match(body, "<code>/campaigns/<var>number</var>/</code>");
  t.notMatch(body.replace(style, "").replace(/<meta[^>]*>/g, ""), /\d\d/);
  t.end();
});

await t.test("embed.js is the compiled script, under 1 kB, and is not sent again to who has it", (t) => {
  const script = readFileSync(join(import.meta.dirname, "../../../embed/embed.js"), "utf8");
  const { status, headers, body } = request(router, "GET", "/embed.js");
  t.equal(status, 200);
  t.equal(body, script);
  t.ok(Buffer.byteLength(body) < 1000, `${Buffer.byteLength(body)} bytes`);
  t.same(headers, {
    "cache-control": "public, max-age=3600",
    etag: headers["etag"],
    "cross-origin-resource-policy": "cross-origin",
    "content-type": "text/javascript; charset=utf-8",
    "x-content-type-options": "nosniff",
  });
  const again = request(router, "GET", "/embed.js", { "if-none-match": headers["etag"]! });
  t.same([again.status, again.body], [304, ""]);
  t.same(again.headers, {
    "cache-control": "public, max-age=3600",
    etag: headers["etag"],
    "cross-origin-resource-policy": "cross-origin",
  });
  t.equal(request(router, "GET", "/embed.js", { "if-none-match": '"x"' }).status, 200);
  t.end();
});
