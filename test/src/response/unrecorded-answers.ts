/** What a server that records nothing answers on all public routes but `embed.js`, by draws of a seed. */
import { imageOf } from "../../../build/images/folder.js";
import type { ResponseSettings } from "../../../src/response/decisions.js";
import type { Reply } from "../../../src/response/reply.js";
import type { Method } from "../../../src/response/request.js";
import { Router } from "../../../src/response/router.js";
import { seededRandom } from "../seeded-random.js";
import { inEveryPeriod, range, smallCatalog } from "../small-index.js";
import { SETTINGS } from "./response-settings.js";

const QUARTER_PAST = Date.UTC(2026, 10, 30, 12, 15, 7, 250);

const PNG = imageOf(Buffer.from("\x89PNG\r\n\x1a\n…", "latin1"), "png", "png");

const CATALOG = smallCatalog(
  [
    ...inEveryPeriod({ campaign: 7, converting: range(100, 111) }),
    ...inEveryPeriod({ campaign: 9, converting: [104, 105], clicked: [200], pool: range(201, 206) }),
    ...inEveryPeriod({ campaign: 4294967295, converting: [103, 4294967295] }),
    { campaign: 5, period: 3, clicked: [100] },
  ],
  4,
  new Map([[100, PNG]]),
  new Map(
    range(100, 104).map((id) => [id, { alt: `Über & ${id}`, link: `https://shop.example/${id}?a=1&c={click_id}` }]),
  ),
);

const VARIANTS: Readonly<Record<string, Partial<ResponseSettings>>> = {
  usual: {},
  sequence: { rotation: "sequence", allowedOrigins: ["https://site.example"] },
  elsewhere: { bannerBaseUrl: "https://cdn.example/b/", cookie: { maxAge: 60, secure: true, sameSite: "None" } },
  "without cookies": { cookie: undefined, allowedOrigins: ["*"] },
};

const PATHS = [
  "/campaigns/7",
  "/campaigns/7/",
  "/campaigns/7/banner",
  "/campaigns/7/banner.json",
  "/campaigns/7/banner.json?last=104.103",
  "/campaigns/9/",
  "/campaigns/9/banner.json",
  "/campaigns/4294967295/",
  "/campaigns/4294967295/banner.json",
  "/campaigns/5/",
  "/campaigns/5/banner",
  "/campaigns/5/banner.json",
  "/campaigns/07/",
  "/campaigns/banners/image_100.png",
  "/campaigns/banners/image_101.svg",
  "/campaigns/banners/image_999.png",
  "/campaigns/7/click",
  "/campaigns/7/click/100?d=00000000000000000000000000000000",
  "/campaigns/7/other",
  "/",
  "/other",
];

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { cookie: "last_banner=104; last_decision=104.00000000000000000000000000000000", "sec-fetch-dest": "document" },
  { origin: "https://site.example", "sec-gpc": "1", "sec-purpose": "prefetch" },
];

/** Status, headers and body in latin1, by the settings and the request. */
export function unrecordedAnswers(): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const [name, settings] of Object.entries(VARIANTS)) {
    const router = new Router(CATALOG, { ...SETTINGS, ...settings }, seededRandom(19), () => QUARTER_PAST);
    for (const method of ["GET", "HEAD", "OTHER"] as const)
      for (const path of PATHS)
        HEADERS.forEach((headers, at) => {
          answers.set(`${name} ${method} ${path} ${at}`, answerOf(router, method, path, headers));
        });
  }
  return answers;
}

function answerOf(router: Router, method: Method, address: string, headers: Readonly<Record<string, string>>): string {
  const [path = "", query = ""] = address.split("?");
  const reply = {} as Reply;
  const request = {
    getQuery: () => query,
    getHeader: (name: string) => headers[name] ?? "",
    forEach: (each: (name: string, value: string) => void) => {
      for (const [name, value] of Object.entries(headers)) each(name, value);
    },
  };
  router.respond(method, path, request, reply);
  const bytes = Buffer.concat([Buffer.from(reply.headers), Buffer.from("\r\n\r\n"), Buffer.from(reply.body)]);
  // It is of the index, whose format may become another.
  return bytes.toString("latin1").replaceAll(CATALOG.index.generation, "GENERATION");
}
