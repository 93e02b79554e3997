/**
 * Every answer of the server as it is shipped, against docs/openapi.yaml, and every promise of that against the
 * answers.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { imageOf, type BannerImage } from "../../build/images/folder.js";
import { IMAGE_EXTENSIONS, MEDIA_TYPES, type ImageExtension, type ImageType } from "../../src/index/sections.js";
import { LARGEST_ID } from "../../src/index/ids.js";
import { IMAGE_BYTES } from "../build/images/image-bytes.js";
import { Connection } from "../src/server/connection.js";
import { exchange } from "../src/server/exchange.js";
import { BareServer } from "../src/running-server.js";
import { inEveryPeriod, range, smallIndex } from "../src/small-index.js";
import { answersIn } from "../src/server/wire-answers.js";
import { ApiDescription, ROOT, type Asked } from "./api-description.js";

const SEED = 20261123;
const RANDOM_REQUESTS = 400;
const ORIGIN = "https://www.example.com";

const folder = t.testdir({ key: `${"5a".repeat(32)}\n` });
chmodSync(join(folder, "key"), 0o600);
/** Each server has a folder of its own. */
const recording = (name: string): Readonly<Record<string, string>> => ({
  RECORD: join(folder, name),
  RECORD_KEY_FILE: join(folder, "key"),
});

const CONFIGURATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "as nobody sets it": {},
  "sequences, for two origins": {
    ROTATION: "sequence",
    ALLOWED_ORIGINS: `${ORIGIN},http://localhost:3000`,
    COOKIE_SECURE: "true",
  },
  "each for itself, for any origin": { ROTATION: "independent", ALLOWED_ORIGINS: "*" },
  "no cookies": { COOKIES: "off", ALLOWED_ORIGINS: ORIGIN },
  "in other sites' frames, with a CDN": { COOKIE_SAMESITE: "None", BANNER_BASE_URL: "https://cdn.example:8443/b,c;d" },
  "strict, with images elsewhere on this site": {
    COOKIE_SAMESITE: "Strict",
    COOKIE_MAX_AGE: "0",
    ROTATION: "sequence",
    BANNER_BASE_URL: "/elsewhere",
  },
  recorded: recording("recorded"),
  "recorded, in other sites' frames": {
    ...recording("framed"),
    COOKIE_SAMESITE: "None",
    ROTATION: "independent",
    PUBLIC_URL: "https://media.example",
  },
  "recorded without cookies": { ...recording("cookieless"), COOKIES: "off", RECORD_HEED_GPC: "on" },
};

const TYPE_OF: Readonly<Record<ImageExtension, ImageType>> = {
  png: "png",
  jpg: "jpeg",
  // The name says nothing of the type.
  jpeg: "png",
  webp: "webp",
  avif: "avif",
  gif: "gif",
  svg: "svg",
};
/** One for each ending, from 101 on. */
const IMAGES = new Map<number, BannerImage>(
  IMAGE_EXTENSIONS.map((extension, at) => [
    101 + at,
    imageOf(IMAGE_BYTES[TYPE_OF[extension]], TYPE_OF[extension], extension),
  ]),
);
/** It does not say how large it is. */
const SIZELESS = 120;
IMAGES.set(SIZELESS, imageOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9em"/>'), "svg", "svg"));
const DESCRIBED = 101;
const TEXTS = new Map([[DESCRIBED, { alt: 'Two for "one" </script> & ü', link: "https://shop.example/a?b=c&d='e'" }]]);

/** Those of one banner show what is known of it; the others leave something to chance. */
const OF_ONE_BANNER = [...IMAGES.keys(), LARGEST_ID];
const CAMPAIGNS = [...OF_ONE_BANNER, 1, 2];
const ABSENT = 7;
const OTHER_VERSION = "0".repeat(32);

const file = join(folder, "index.bin");
writeFileSync(
  file,
  smallIndex(
    [
      ...OF_ONE_BANNER.flatMap((id) => inEveryPeriod({ campaign: id, converting: [id] })),
      ...inEveryPeriod({ campaign: 1, converting: range(200, 215) }),
      ...inEveryPeriod({ campaign: 2, clicked: [200], pool: range(300, 309) }),
    ],
    4,
    IMAGES,
    TEXTS,
    { exploration: 0.5 },
  ),
);

const description = new ApiDescription();

interface Request extends Asked {
  readonly headers: readonly string[];
}

async function faultsOf(connection: Connection, { method, address, headers }: Request): Promise<string[]> {
  connection.send(`${method} ${address} HTTP/1.1`, ...headers);
  const answer = await connection.answer(method !== "HEAD");
  const faults = description.faultsOf({ method, address }, answer);
  if (connection.rest !== "") faults.push(`more than an answer: ${connection.rest}`);
  return faults.map((fault) => `${method} ${address} ${headers.join(", ")}: ${fault}`);
}

const NO_DECISION = "0".repeat(32);
const BELOW_CAMPAIGN = ["", "/", "/banner", "/banner.json", "/click", `/click/${DESCRIBED}?d=${NO_DECISION}`];
const VERSIONED = [...IMAGES].map(([id, { extension, sha256 }]) => ({
  path: `/campaigns/banners/image_${id}.${extension}`,
  version: sha256.toString("hex", 0, 16),
}));
const ADDRESSES = [
  "/",
  "/embed.js",
  ...[...CAMPAIGNS, ABSENT].flatMap((id) => BELOW_CAMPAIGN.map((rest) => `/campaigns/${id}${rest}`)),
  "/campaigns/1/banner.json?last=200",
  "/campaigns/1/banner.json?last=x",
  ...VERSIONED.flatMap(({ path, version }) => [path, `${path}?v=${version}`, `${path}?v=${OTHER_VERSION}`]),
  `/campaigns/banners/image_${LARGEST_ID}.svg`,
  `/campaigns/banners/image_${ABSENT}.png`,
  // None of these is another address of campaign 1 or of an image.
  ...["01", "+1", "%31", "1.0", "4294967297"].flatMap((id) => BELOW_CAMPAIGN.map((rest) => `/campaigns/${id}${rest}`)),
  "/campaigns/banners/image_0101.png",
  "/campaigns/banners/image_101.PNG",
  ...["/click/", "/click/0101", "/click/101/", "/click/101/102", `/click/${ABSENT}`].map(
    (rest) => `/campaigns/1${rest}`,
  ),
  "/nothing",
  "/campaigns/",
  "/campaigns//banner.json",
  "/campaigns//click",
  "/campaigns/banners/banner.json",
];
const HEADERS = [
  [],
  ["Cookie: last_banner=200"],
  ["Cookie: last_banner=200-201-202-203-204-205-206-207-208-209"],
  [`Cookie: last_decision=${DESCRIBED}.${NO_DECISION}`],
  [`Cookie: last_decision=${ABSENT}.`, "Sec-GPC: 1"],
  ["If-None-Match: *"],
  [`Origin: ${ORIGIN}`],
  ["Origin: null", "Cookie: last_banner=x"],
];

async function eachDescribed(connection: Connection): Promise<string[]> {
  const faults: string[] = [];
  for (const method of ["GET", "HEAD"])
    for (const address of ADDRESSES)
      for (const headers of HEADERS) faults.push(...(await faultsOf(connection, { method, address, headers })));
  for (const method of ["OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW", "get"])
    for (const address of ["/", "/embed.js", "/nothing", "/campaigns/1/banner.json", VERSIONED[0]!.path])
      faults.push(...(await faultsOf(connection, { method, address, headers: [`Origin: ${ORIGIN}`] })));
  return faults;
}

/** What a decision has a click lead to, and where that leads on. */
async function eachClick(port: number): Promise<string[]> {
  const site = `http://127.0.0.1:${port}`;
  const ask = (address: string, cookie = ""): Promise<Response> =>
    fetch(new URL(address, site), { headers: { cookie }, redirect: "manual" });
  const { link } = (await (await ask(`/campaigns/${DESCRIBED}/banner.json`)).json()) as { link: string };
  const { pathname, search } = new URL(link, site);
  const cookies = (await ask(`/campaigns/${DESCRIBED}/banner`)).headers.getSetCookie();
  const answers = [
    await ask(pathname + search),
    await ask(`/campaigns/${DESCRIBED}/click`, cookies.map((cookie) => cookie.split(";")[0]!).join("; ")),
  ];
  return answers.map((answer) => answer.headers.get("location")!);
}

const REFUSED: Readonly<Record<number, (method: string, address: string) => string>> = {
  400: (method, address) => `${method} ${address} HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n`,
  431: (method, address) => `${method} ${address} HTTP/1.1\r\nHost: test\r\nCookie: ${"x".repeat(20_000)}`,
  505: (method, address) => `${method} ${address} HTTP/1.0\r\nHost: test\r\n\r\n`,
};
/** Ends an exchange early, as the refusal does; only a fault reaches it. Milliseconds. */
const LEFT_OPEN = 30_000;

/** What the HTTP library refuses, it refuses at every address; the body of a refusal of HEAD is its own. */
async function eachRefused(port: number): Promise<string[]> {
  const faults: string[] = [];
  for (const { path, method } of description.operations) {
    const address = path.replace("{campaign}", "1").replace("{banner}", "101").replace("{extension}", "png");
    for (const [status, requestOf] of Object.entries(REFUSED)) {
      const { bytes } = await exchange(port, {
        pieces: [Buffer.from(requestOf(method, address))],
        leftOpen: LEFT_OPEN,
      });
      const answers = answersIn(bytes, false).map((answer) => ({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(answer.body, "latin1"),
      }));
      const [answer] = answers;
      if (answer?.status !== Number(status) || answers.length > 1) faults.push(`${method} ${address}: not ${status}`);
      else faults.push(...description.faultsOf({ method, address }, answer));
    }
  }
  return faults;
}

const known = fc.constantFrom(...CAMPAIGNS, 200, 300).map(String);
const odd = fc.oneof(
  fc.constantFrom("0", "01", "+1", "-1", "1.0", "1e1", "%31", "１", "4294967296", "banners", ".", "..", "x"),
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789abz%+-._~;,'=&")), maxLength: 12 }),
);
const id = fc.oneof(known, fc.integer({ min: 1, max: LARGEST_ID }).map(String), odd);
const extension = fc.oneof(fc.constantFrom<string>(...IMAGE_EXTENSIONS), odd);
const path = fc.oneof(
  ...Object.keys(description.document.paths).map((template) =>
    fc
      .tuple(id, extension)
      .map(([id, extension]) =>
        template.replace(/\{(campaign|banner)\}/, () => id).replace("{extension}", () => extension),
      ),
  ),
  fc
    .array(fc.oneof(fc.constantFrom("campaigns", "banners", "banner.json", "banner", "click", "embed.js"), odd), {
      maxLength: 5,
    })
    .map((segments) => `/${segments.join("/")}`),
);
const remembered = fc.oneof(
  fc.array(fc.oneof(known, fc.integer({ min: 1, max: LARGEST_ID })), { maxLength: 12 }).map((ids) => ids.join("-")),
  odd,
);
const text = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const query = fc.oneof(
  fc.constant(""),
  remembered.map((last) => `?last=${last}`),
  fc.constantFrom(...VERSIONED).map(({ version }) => `?v=${version}`),
  fc.tuple(odd, odd).map(([name, value]) => `?${name}=${value}&&last=${value}#?`),
);
const tag = fc.constantFrom(...VERSIONED).map(({ version }) => `"${version}"`);
const headers = fc
  .record(
    {
      Cookie: fc.oneof(
        remembered.map((ids) => `last_banner=${ids}`),
        id.map((banner) => `last_decision=${banner}.${NO_DECISION}`),
        text,
      ),
      "If-None-Match": fc.oneof(fc.constant("*"), tag, fc.array(tag).map(String), text),
      Origin: fc.oneof(fc.constantFrom(ORIGIN, "http://localhost:3000", "null", `${ORIGIN}.evil.example`), text),
      "X-Requested-With": text,
    },
    { requiredKeys: [] },
  )
  .map((values) => Object.entries(values).map(([name, value]) => `${name}: ${value}`));
const method = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("GET", "HEAD") },
  { weight: 1, arbitrary: fc.constantFrom("OPTIONS", "POST", "DELETE", "PURGE") },
);
const request: fc.Arbitrary<Request> = fc
  .record({ method, path, query, headers })
  .map(({ method, path, query, headers }) => ({ method, address: path + query, headers }));

for (const [at, [name, environment]] of Object.entries(CONFIGURATIONS).entries())
  await t.test(`every answer is as described: ${name}`, async (t) => {
    const server = new BareServer({ INDEX_FILE: file, WORKERS: "1", ...environment });
    t.teardown(() => server.process.kill("SIGKILL"));
    const port = await server.ready();
    const connection = await Connection.open(port);
    t.same(await eachDescribed(connection), []);
    t.same(await eachRefused(port), []);
    if ("RECORD" in environment) {
      const { link } = TEXTS.get(DESCRIBED)!;
      const byCookie = environment["COOKIES"] === "off" ? `/campaigns/${DESCRIBED}/` : link;
      t.same(await eachClick(port), [link, byCookie]);
    }
    await fc.assert(
      fc.asyncProperty(request, async (request) => {
        const faults = await faultsOf(connection, request);
        if (faults.length > 0) throw new Error(faults.join("\n"));
      }),
      { seed: SEED + at, numRuns: RANDOM_REQUESTS },
    );
    connection.socket.destroy();
    t.equal(await server.stop(), 0);
    t.same(server.warnings, []);
  });

await t.test("whatever is described has come, and whatever need not be there was absent", (t) => {
  t.same(description.unseen(), []);
  t.end();
});

await t.test("endings, types and version are those of the code", (t) => {
  t.same(description.parameter("Extension").schema.enum, IMAGE_EXTENSIONS);
  t.same(description.mediaTypes("Image"), Object.values(MEDIA_TYPES));
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  t.equal(description.document.info.version, version);
  t.end();
});
