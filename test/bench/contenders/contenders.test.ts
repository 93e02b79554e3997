import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { Catalog } from "../../../src/index/catalog.js";
import { inspect } from "../../../src/index/inspect.js";
import { loadIndex } from "../../../src/index/load.js";
import { PeriodClock } from "../../../src/decision/period.js";
import { contendersOf } from "../../../bench/contenders/contenders.js";
import { makeFixture } from "../../../bench/contenders/fixture.js";
import { shownBanners, pageBody } from "../../../bench/contenders/page.js";
import { usableCores } from "../../../bench/measure/cores.js";
import { treeOf } from "../../../bench/measure/process-times.js";
import { firstResponse } from "../../../bench/measure/running-server.js";
import { freePort } from "../../../tools/free-port.js";
import { missing } from "../../needed-programs.js";

const skip = missing("nginx", "postgres", "initdb", "memcached");

// Not below the project, where the user that PostgreSQL runs as may not come.
const folder = mkdtempSync(join(tmpdir(), "billboard-contenders-"));
t.teardown(() => {
  rmSync(folder, { recursive: true });
});
const fixture = await makeFixture(join(folder, "fixture"));
const catalog = new Catalog(await loadIndex(fixture.index));
const campaign = catalog.index.campaignIds[7]!;
const clock = new PeriodClock(Intl.DateTimeFormat().resolvedOptions().timeZone, catalog.index.counts.periods);

/** Of the campaign, in the period of this moment. */
function collectionNow(): number[] {
  const { cells } = inspect(catalog, { campaign, period: clock.at(Date.now()) });
  return cells.flatMap((cell) => cell.collection.map(({ banner }) => banner));
}

/** Those that belong to the HTTP library or the proxy. */
const OF_THE_STACK = new Set(["connection", "date", "keep-alive", "server", "uwebsockets"]);
const CONSTANT = ["bare-handler", "nginx-static"];

interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly banner: number;
  readonly cookie: string;
}

async function ask(port: number, cookie = ""): Promise<Page> {
  const response = await fetch(`http://127.0.0.1:${port}/campaigns/${campaign}/`, { headers: { cookie } });
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !OF_THE_STACK.has(name)));
  const body = await response.text();
  const banner = Number(/image_(\d+)\.svg\?v=/.exec(body)?.[1]);
  const { "set-cookie": set = "" } = headers;
  return { status: response.status, headers, body, banner, cookie: set.split(";", 1)[0]! };
}

await t.test("all cells are of the rule for many conversions, and all pages of one length", (t) => {
  t.same([...new Set(inspect(catalog).cells.map(({ rule }) => rule))], ["top-10"]);
  const { body } = fixture.page;
  t.match(body, "<!doctype html>");
  t.same([...new Set(shownBanners(catalog.index).map((shown) => pageBody(shown).length))], [body.length]);
  t.same([...new Set(Array.from(catalog.index.bannerIds, (id) => String(id).length))], [6]);
  t.same([...new Set(Array.from(catalog.index.campaignIds, (id) => String(id).length))], [10]);
  const lengths = Array.from(catalog.index.bannerIds, (_, banner) => catalog.imageOf(banner).length);
  t.equal(new Set(lengths).size, 1, "all images are of one length");
  t.ok(lengths[0]! > 5_500 && lengths[0]! < 6_500, `${lengths[0]!} bytes`);
  t.end();
});

await t.test("every contender gives the response that Billboard gives", { skip }, async (t) => {
  const shape = fixture.page;
  const expected = Object.fromEntries(shape.headers.map(([name, value]) => [name.toLowerCase(), value]));
  for (const contender of contendersOf(fixture)) {
    await contender.prepare?.();
    const port = await freePort();
    let started: readonly number[] = [];
    const running = await contender.start(port, usableCores().serving);
    try {
      await firstResponse(running, port, `/campaigns/${campaign}/`, new AbortController().signal);
      const { status, headers, body, cookie } = await ask(port);
      t.equal(status, 200, contender.name);
      t.equal(body.length, shape.body.length, `${contender.name}: the length of the page`);
      t.same(
        { ...headers, "set-cookie": "", "content-length": "" },
        { ...expected, "set-cookie": "", "content-length": "" },
        `${contender.name}: the headers`,
      );
      t.equal(headers["content-length"], String(shape.body.length), contender.name);
      t.match(cookie, /^last_banner=\d{6}$/, contender.name);
      if (!CONSTANT.includes(contender.name)) {
        t.match(headers["set-cookie"], `; Path=/campaigns/${campaign}; Max-Age=2592000; HttpOnly; SameSite=Lax`);
        const before = collectionNow();
        const shown = new Set<number>();
        const wrong: string[] = [];
        let last = await ask(port);
        for (let visit = 0; visit < 150; visit++) {
          const page = await ask(port, `a=1; ${last.cookie}`);
          if (page.banner === last.banner || !page.cookie.endsWith(`=${page.banner}`))
            wrong.push(`${page.banner} after ${last.banner}, with ${page.cookie}`);
          shown.add(page.banner);
          last = page;
        }
        t.same(wrong, [], contender.name);
        // Where the next period began meanwhile, some are of the one and some of the other.
        const possible = new Set([...before, ...collectionNow()]);
        const strange = [...shown].filter((banner) => !possible.has(banner));
        t.same(strange, [], `${contender.name} shows no other period's banners`);
        t.ok(shown.size >= before.length, `${contender.name} shows the whole collection, not ${shown.size} of it`);
      }
    } finally {
      started = treeOf(running.processes.map(({ pid }) => pid));
      await running.stop();
    }
    t.ok(started.length >= running.processes.length);
    t.same(
      started.filter((pid) => existsSync(`/proc/${pid}`)),
      [],
      `${contender.name} has ended, with all its children`,
    );
  }
});
