import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { seededRandom } from "../../src/seeded-random.js";
import { publishedCatalog } from "../built-index.js";
import { bare } from "../commands.js";
import { twoGenerations } from "./two-generations.js";

/** What is left in a folder after a build that was let finish. */
const PUBLISHED = ["index.bin", "index.previous.bin", "rejects.csv", "report.html", "report.json"];

/**
 * Every second kill comes by the clock, the others by what happens in the folder, where most that can go wrong takes no
 * time.
 */
const KILLS = 200;
const MAX_CHANGES = 24;
const LANES = 2;

t.setTimeout(300_000);

function start(words: readonly string[]): ChildProcess {
  const [program, ...before] = bare("build");
  return spawn(program, [...before, ...words], { stdio: ["ignore", "ignore", "inherit"] });
}

async function statusOf(child: ChildProcess): Promise<number | null> {
  return ((await once(child, "exit")) as [number | null])[0];
}

/** Starts a build and kills it, after a time or a number of changes in its folder, unless it ends before. */
async function killed(
  words: readonly string[],
  out: string,
  share: number,
  milliseconds: number | undefined,
): Promise<void> {
  const ended = new AbortController();
  const child = start([...words, "--out", out]);
  const exit = once(child, "exit").then(() => {
    ended.abort();
  });
  if (milliseconds === undefined) {
    let changes = Math.floor(share * MAX_CHANGES);
    const watcher = watch(out, () => {
      if (changes-- <= 0) child.kill("SIGKILL");
    });
    await exit;
    watcher.close();
  } else {
    await sleep(share * milliseconds, undefined, { signal: ended.signal }).catch(() => undefined);
    child.kill("SIGKILL");
    await exit;
  }
}

await t.test(
  `after ${KILLS} builds that were killed the old index or the new one is there, and the next build goes on`,
  async (t) => {
    const folder = t.testdir();
    const { arguments: words, generations } = await twoGenerations(folder);
    const random = seededRandom(3);
    const seen = { old: 0, new: 0 };

    const lane = async (number: number): Promise<void> => {
      const out = join(folder, `out ${number}`);
      mkdirSync(out);
      const begun = performance.now();
      for (const each of words) t.equal(await statusOf(start([...each, "--out", out])), 0);
      const milliseconds = (performance.now() - begun) / 2;
      let current = 1;
      for (let kill = 0; kill < KILLS / LANES; kill++) {
        const next = 1 - current;
        // With threads, too, and while there is something to be killed in.
        const threads = random() < 0.3 ? ["--workers", "2"] : [];
        await killed([...words[next]!, ...threads], out, random(), kill % 2 === 0 ? milliseconds * 1.2 : undefined);
        const { generation } = publishedCatalog(out).index;
        if (!generations.includes(generation)) t.fail(`generation ${generation} is neither`);
        if (generation === generations[next]) {
          current = next;
          seen.new++;
        } else seen.old++;
        if (kill % 10 !== 9) continue;
        current = 1 - current;
        const status = await statusOf(start([...words[current]!, "--out", out]));
        t.equal(status, 0, "a lock that was left does not block");
        t.equal(publishedCatalog(out).index.generation, generations[current]);
        t.strictSame(readdirSync(out).sort(), PUBLISHED, "what was left is cleaned up");
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    t.equal(seen.old + seen.new, KILLS);
    t.comment(`the old one ${seen.old} times, the new one ${seen.new} times`);
  },
);
