/** Lists the servers that are put side by side, all of which give the same response, in the order of the tables. */
import { PinnedProcess } from "../measure/pinned-process.js";
import { freePort } from "../../tools/free-port.js";
import { startedOf } from "../measure/running-server.js";
import { billboardOn, startProgram, type Contender } from "./contender.js";
import type { Fixture } from "./fixture.js";
import { nginxStatic } from "./nginx.js";
import { Cluster } from "./postgresql.js";
import { requireProgram } from "./programs.js";

export const BILLBOARD = "billboard";
/** The same server once more: how it differs from itself is the noise of the measurement. */
export const BILLBOARD_AGAIN = "billboard-again";

const POSTGRESQL = ["postgres", "initdb"];
const CACHE_SIZE = 64;

export function contendersOf(fixture: Fixture): readonly Contender[] {
  const { index, page } = fixture;
  const own = { needs: [], start: billboardOn(index) };
  const program = (name: string, label: string): Contender => {
    const start: Contender["start"] = (port, core) => startedOf(startProgram(name, { port, index, page }, core));
    return { name, label, needs: [], start };
  };
  return [
    { name: BILLBOARD, label: "Billboard", ...own },
    { name: BILLBOARD_AGAIN, label: "Billboard, again", ...own },
    program("bare-handler", "uWebSockets.js, constant bytes"),
    nginxStatic(fixture),
    program("fastify", "Fastify, the same look-up"),
    database(fixture, { name: "database", label: "Fastify, PostgreSQL at every request" }),
    database(fixture, { name: "database-cached", label: "Fastify, PostgreSQL, memcached" }, ["memcached"]),
  ];
}

export const CONTENDER_NAMES: readonly string[] = contendersOf({
  folder: "",
  data: "",
  index: "",
  page: { body: "", headers: [] },
}).map(({ name }) => name);

function database(
  fixture: Fixture,
  names: Pick<Contender, "name" | "label">,
  cachePrograms: readonly "memcached"[] = [],
): Contender {
  const { index, page } = fixture;
  // One for each contender, as both run at the same time.
  const cluster = new Cluster(fixture, names.name);
  return {
    ...names,
    needs: [...POSTGRESQL, ...cachePrograms],
    prepare: () => cluster.make(),
    start: async (port, core) => {
      const postgres = cluster.start([core]);
      const cachePort = await freePort();
      const caches = cachePrograms.map(() => startMemcached(cachePort, core));
      const cache = caches.length > 0 && { cache: cachePort };
      const front = startProgram("database", { port, index, page, database: cluster.address, ...cache }, core);
      return startedOf(front, ...caches, postgres);
    },
  };
}

function startMemcached(port: number, core: number): PinnedProcess {
  const asRoot = process.getuid?.() === 0 ? ["-u", "root"] : [];
  const args = ["-l", "127.0.0.1", "-p", String(port), "-U", "0", "-m", String(CACHE_SIZE), "-t", "1", ...asRoot];
  return new PinnedProcess({ command: requireProgram("memcached"), args }, [core]);
}
