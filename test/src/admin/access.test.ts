import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import t from "tap";
import { startAdmin, type Answered } from "./running-admin.js";
import { seriesIn } from "./metric.js";
import { MOMENT } from "./server-state.js";

const TOKEN = "a-token-of-the-tests";
const BEARER = { Authorization: `Bearer ${TOKEN}` };
const WRONG = { Authorization: "Bearer another-token-of-them" };
const FORM = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };
const SECRETS = ["/", "/status.json", "/index.json", "/change.json", "/visit.json", "/banners/image_100.svg"];

const cookieOf = ({ headers }: Answered): string => headers["set-cookie"]?.[0] ?? "";

await t.test("what is not everybody's is for those who have the token, and the rest is open on loopback", async (t) => {
  const { ask } = await startAdmin(t, {}, { token: TOKEN });
  for (const path of SECRETS) {
    const refused = await ask("GET", path);
    t.match(refused, { status: 401, body: /Authorization: Bearer TOKEN.*ADMIN_TOKEN/ }, path);
    t.equal(refused.headers["www-authenticate"], 'Bearer realm="billboard"');
    t.not((await ask("GET", path, BEARER)).status, 401, path);
    for (const sent of ["Bearer", "Bearer ", `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN} ${TOKEN}`])
      t.equal((await ask("GET", path, { Authorization: sent })).status, 401, sent);
  }
  t.equal((await ask("POST", "/reload")).status, 401);
  t.equal((await ask("POST", "/reload", { Authorization: `bearer ${TOKEN}` })).status, 200);
  for (const path of ["/healthz", "/readyz", "/metrics", "/assets/style.css"])
    t.equal((await ask("GET", path)).status, 200, path);
  t.equal((await ask("GET", "/nothing")).status, 404);
  t.equal((await ask("GET", "/reload")).status, 405);
});

await t.test("without a token there is nothing to log in to", async (t) => {
  const { ask } = await startAdmin(t);
  t.equal((await ask("GET", "/")).status, 200);
  t.equal((await ask("POST", "/login", FORM, "token=x")).status, 404);
});

await t.test("people log in by a page that stands where they wanted to go, and log out", async (t) => {
  let now = MOMENT;
  const { ask, port } = await startAdmin(t, {}, { token: TOKEN, now: () => now });
  const page = await ask("GET", "/?campaign=1&period=2", { Accept: "text/html" });
  t.match(page, { status: 401, headers: { "content-type": /^text\/html/, "cache-control": "no-store" } });
  t.match(page.body, /<form [^>]*method="post" action="\/login\?campaign=1&#38;period=2"/);
  t.match(page.headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
  for (const [, asset] of page.body.matchAll(/href="(\/[^"]+)"/g))
    t.equal((await ask("GET", asset!)).status, 200, asset!);

  const entered = await ask("POST", "/login?campaign=1", FORM, `token=${TOKEN}`);
  t.match(entered, { status: 303, headers: { location: "/?campaign=1" } });
  const cookie = cookieOf(entered);
  t.match(
    cookie,
    new RegExp(`^billboard_session_${port}=[\\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict$`),
  );
  const session = { Cookie: `other=1; ${cookie.split(";")[0]!}` };
  for (const path of SECRETS) t.not((await ask("GET", path, session)).status, 401, path);
  t.match((await ask("GET", "/", session)).body, /"has_session":true/);
  t.notMatch((await ask("GET", "/", BEARER)).body, /"has_session":true/, "a program has no session");
  t.equal((await ask("POST", "/reload", session)).status, 200);
  t.equal((await ask("POST", "/reload", { ...session, Origin: "http://evil.example" })).status, 403);
  t.equal((await ask("POST", "/reload", { ...session, "Sec-Fetch-Site": "cross-site" })).status, 403);

  const left = await ask("POST", "/logout", session);
  t.match([left.status, left.headers.location], [303, "/?"]);
  t.match(cookieOf(left), new RegExp(`^billboard_session_${port}=; Path=/; Max-Age=0; HttpOnly`));
  t.equal((await ask("GET", "/", session)).status, 401, "the server has forgotten it too");

  const again = { Cookie: cookieOf(await ask("POST", "/login", FORM, `token=${TOKEN}`)).split(";")[0]! };
  now += 43_200_000 - 1;
  t.equal((await ask("GET", "/", again)).status, 200);
  now += 1;
  t.equal((await ask("GET", "/", again)).status, 401, "after half a day");
});

await t.test("the session's cookie is Secure where a proxy of an allowed name says https", async (t) => {
  const { ask } = await startAdmin(t, {}, { token: TOKEN });
  const by = (Host: string, scheme: string): Promise<Answered> =>
    ask("POST", "/login", { ...FORM, Host, "X-Forwarded-Proto": scheme }, `token=${TOKEN}`);
  t.match(cookieOf(await by("billboard.example", "https")), /; Secure$/);
  t.notMatch(cookieOf(await by("billboard.example", "http")), /Secure/);
  t.notMatch(cookieOf(await by("localhost", "https")), /Secure/);
});

await t.test("no more than a thousand sessions are kept", async (t) => {
  const { ask } = await startAdmin(t, {}, { token: TOKEN });
  const logIn = async (): Promise<Record<string, string>> => ({
    Cookie: cookieOf(await ask("POST", "/login", FORM, `token=${TOKEN}`)).split(";")[0]!,
  });
  const first = await logIn();
  const second = await logIn();
  for (let session = 0; session < 999; session++) await logIn();
  t.equal((await ask("GET", "/", first)).status, 401);
  t.equal((await ask("GET", "/", second)).status, 200);
});

await t.test("wrong tokens are slowed down and counted, and a session goes on meanwhile", async (t) => {
  let now = MOMENT;
  const { ask } = await startAdmin(t, {}, { token: TOKEN, now: () => now });
  const session = { Cookie: cookieOf(await ask("POST", "/login", FORM, `token=${TOKEN}`)).split(";")[0]! };
  for (let tries = 0; tries < 2; tries++)
    t.match(await ask("GET", "/status.json", WRONG), { status: 401, body: "That is not the server's token.\n" });
  const page = await ask("POST", "/login", FORM, "token=wrong");
  t.match(page, { status: 401, body: /id="token-said" role="alert">That is not the server&#39;s token\.<\/p>/ });
  const early = await ask("GET", "/status.json", BEARER);
  t.match(early, { status: 429, headers: { "retry-after": "1" }, body: /Too many wrong tokens.* in 1 s/ });
  t.match(await ask("POST", "/login", FORM, `token=${TOKEN}`), { status: 429, body: /Too many wrong tokens/ });
  t.equal((await ask("GET", "/status.json", session)).status, 200);
  now += 1000;
  t.equal((await ask("GET", "/status.json", BEARER)).status, 200);
  await ask("GET", "/status.json");
  await ask("GET", "/status.json", { Host: "evil.example" });
  await ask("GET", "/status.json", { Origin: "http://evil.example" });
  await ask("GET", "/status.json", { "Sec-Fetch-Site": "same-site" });
  const metrics = seriesIn((await ask("GET", "/metrics")).body);
  const counted = ["host", "origin", "site", "no-token", "wrong-token", "too-many-tries"].map((reason) =>
    metrics.get(`billboard_admin_refused_total{reason="${reason}"}`),
  );
  t.same(counted, [1, 1, 1, 1, 3, 2]);
});

await t.test("a form that is too long, or of unknown length, is not read", async (t) => {
  const { ask, port, errors } = await startAdmin(t, {}, { token: TOKEN });
  t.equal((await ask("POST", "/login", FORM, `token=${"x".repeat(5000)}`)).status, 413);
  const socket = connect(port, "127.0.0.1");
  socket.write("POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ntoken\r\n");
  t.match(await text(socket), /^HTTP\/1\.1 413 /);
  const leaving = connect(port, "127.0.0.1");
  leaving.write("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ntoken=");
  await once(leaving, "connect");
  leaving.destroy();
  t.equal((await ask("GET", "/healthz")).status, 200);
  t.same(errors, []);
});
