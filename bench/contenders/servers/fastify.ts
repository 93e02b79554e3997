/** Serves Billboard's look-up on Fastify, with all pages made before. */
import { fastify } from "fastify";
import { Decider } from "../../../src/decision/decide.js";
import { Catalog, NONE } from "../../../src/index/catalog.js";
import { readId } from "../../../src/index/ids.js";
import { loadIndex } from "../../../src/index/load.js";
import { readCookie } from "../../../src/response/cookie.js";
import type { ServerTask } from "../contender.js";
import { cookieFor, pageBody, periodClock, shownBanners } from "../page.js";

const { port, index, page } = JSON.parse(process.argv[2]!) as ServerTask;
const catalog = new Catalog(await loadIndex(index));
const decider = new Decider(catalog, "no-repeat", Math.random);
const clock = periodClock(catalog.index.counts.periods);
const bodies = shownBanners(catalog.index).map(pageBody);
const constant = Object.fromEntries(page.headers.filter(([name]) => name !== "Set-Cookie"));
const app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
app.get<{ Params: { campaign: string } }>("/campaigns/:campaign", (request, reply) => {
  const { campaign } = request.params;
  const cell = catalog.cellOf(readId(campaign), clock.at(Date.now()));
  if (cell === NONE) return reply.code(404).send("Campaign not found.\n");
  decider.history.count = 0;
  readCookie(request.headers.cookie ?? "", decider.history);
  const banner = decider.decide(cell);
  const cookie = cookieFor(catalog.index.bannerIds[banner]!, campaign);
  return reply.headers(constant).header("Set-Cookie", cookie).send(bodies[banner]!);
});
await app.listen({ host: "127.0.0.1", port });
process.once("SIGTERM", () => process.exit(0));
