/** The program of `database` and `database-cached`. */
import { fastify } from "fastify";
import memjs from "memjs";
import pg from "pg";
import { readCookie } from "../../src/response/cookie.js";
import { PAGE_START, pageEnd } from "../../src/response/page.js";
import { PeriodClock } from "../../src/decision/period.js";
import { VisitHistory } from "../../src/decision/history.js";
import type { DatabaseTask } from "./database.js";
import { cookieFor } from "./page-shape.js";
import { drawBanner, RANKING, type RankedBanner } from "./ranking.js";
import { taskOf } from "./server-program.js";

/** Of the benchmark's data. */
const PERIODS = 4;
const CONNECTIONS = 10;
const MOST_CACHED = 60;

/** The library has numbers of 64 bits as texts. */
interface Row extends Omit<RankedBanner, "banner"> {
  readonly banner: string;
}

type Rank = (period: number, campaign: string) => Promise<readonly RankedBanner[]>;

const { port, page, database, cache } = taskOf() as DatabaseTask;
const pool = new pg.Pool({ ...database, max: CONNECTIONS });
// One that is lost is opened anew by the request that needs it.
pool.on("error", () => undefined);

const ask: Rank = async (period, campaign) => {
  // Named, and so prepared once on each connection.
  const { rows } = await pool.query<Row>({ name: "ranking", text: RANKING, values: [period, campaign] });
  return rows.map((row) => ({ ...row, banner: Number(row.banner) }));
};

const clock = new PeriodClock(Intl.DateTimeFormat().resolvedOptions().timeZone, PERIODS);

function cached(rank: Rank, memcachedPort: number): Rank {
  const client = memjs.Client.create(`127.0.0.1:${memcachedPort}`);
  return async (period, campaign) => {
    const key = `${period}:${campaign}`;
    const { value } = await client.get(key);
    if (value !== null) return JSON.parse(value.toString()) as RankedBanner[];
    const ranked = await rank(period, campaign);
    const now = Date.now();
    const expires = Math.min(MOST_CACHED, Math.ceil((clock.nextAt(now) - now) / 1000));
    await client.set(key, JSON.stringify(ranked), { expires });
    return ranked;
  };
}

const rank = cache === undefined ? ask : cached(ask, cache);
const constant = Object.fromEntries(page.headers.filter(([name]) => name !== "Set-Cookie"));
const app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
app.get<{ Params: { campaign: string } }>("/campaigns/:campaign", async (request, reply) => {
  const { campaign } = request.params;
  const ranked = await rank(clock.at(Date.now()), campaign);
  if (ranked.length === 0) return reply.code(404).send("Campaign not found.\n");
  const history = new VisitHistory(1);
  const last = readCookie(request.headers.cookie ?? "", history) ? history.ids[0]! : 0;
  const { banner, image, width, height } = drawBanner(ranked, last);
  const body = PAGE_START + pageEnd({ id: banner, imageUrl: image, width, height, alt: "", link: "" });
  return reply.headers(constant).header("Set-Cookie", cookieFor(banner, campaign)).send(Buffer.from(body));
});
await app.listen({ host: "127.0.0.1", port });
process.once("SIGTERM", () => process.exit(0));
