/** Serves pages on Fastify by asking PostgreSQL for the ranking, at every request or where memcached has it not. */
import { fastify } from "fastify";
import memjs from "memjs";
import pg from "pg";
import type { ServerTask } from "../contender.js";
import { cookieFor, lastBannerOf, pageBody, periodClock } from "../page.js";
import { drawBanner, RANKING, type RankedBanner } from "../ranking.js";

const PERIODS = 4;
const CONNECTIONS = 10;
const MAX_CACHED_SECONDS = 60;

type Rank = (period: number, campaign: string) => Promise<readonly RankedBanner[]>;

const { port, page, database, cache } = JSON.parse(process.argv[2]!) as ServerTask;
const pool = new pg.Pool({ ...database, max: CONNECTIONS });
// A lost connection is opened anew by the request that needs it.
pool.on("error", () => undefined);
const clock = periodClock(PERIODS);

const ask: Rank = async (period, campaign) => {
  // Named, so that each connection prepares it once; the library returns 64-bit numbers as texts.
  const query = { name: "ranking", text: RANKING, values: [period, campaign] };
  const { rows } = await pool.query<Omit<RankedBanner, "banner"> & { banner: string }>(query);
  return rows.map((row) => ({ ...row, banner: Number(row.banner) }));
};

function cached(rank: Rank, memcachedPort: number): Rank {
  const client = memjs.Client.create(`127.0.0.1:${memcachedPort}`);
  return async (period, campaign) => {
    const key = `${period}:${campaign}`;
    const { value } = await client.get(key);
    if (value !== null) return JSON.parse(value.toString()) as RankedBanner[];
    const ranked = await rank(period, campaign);
    const now = Date.now();
    const expires = Math.min(MAX_CACHED_SECONDS, Math.ceil((clock.nextAt(now) - now) / 1000));
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
  const { banner, image, width, height } = drawBanner(ranked, lastBannerOf(request.headers.cookie ?? ""));
  const body = pageBody({ id: banner, imageUrl: image, width, height, alt: "", link: "" });
  return reply.headers(constant).header("Set-Cookie", cookieFor(banner, campaign)).send(body);
});
await app.listen({ host: "127.0.0.1", port });
process.once("SIGTERM", () => process.exit(0));
