import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { once } from "node:events";
import t from "tap";
import { publishedCatalog } from "../built-index.js";
import { bare } from "../commands.js";
import { twoGenerations } from "./two-generations.js";

const TIMES = 50;
t.setTimeout(300_000);

async function started(words: readonly string[], out: string): Promise<{ status: number; stderr: string }> {
  const [program, ...before] = bare("build");
  const child = spawn(program, [...before, ...words, "--out", out], { stdio: ["ignore", "ignore", "pipe"] });
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "exit") as Promise<[number]>]);
  return { status, stderr };
}

await t.test(
  `two builders started together, ${TIMES} times: one index, and one line from who had to stand back`,
  async (t) => {
    const folder = t.testdir();
    const { arguments: words, generations } = await twoGenerations(folder);
    let stoodBack = 0;
    for (let time = 0; time < TIMES; time++) {
      // Every other time into a folder that is not there yet.
      const out = join(folder, `out ${time >> 1}`);
      const builders = await Promise.all(words.map((each) => started(each, out)));
      const done = generations.filter((_, at) => builders[at]!.status === 0);
      t.ok(done.length > 0, "one of them at least has published");
      t.ok(done.includes(publishedCatalog(out).index.generation), "what is published is that of one that said so");
      for (const { status, stderr } of builders) {
        if (status === 0) continue;
        stoodBack++;
        t.equal(status, 1);
        t.match(
          stderr,
          /^billboard build: .*: another build or pull(?: \(process \d+\))? is running there: wait until it ends, and start again\n$/,
        );
      }
      t.strictSame(
        readdirSync(out).filter((name) => name.startsWith(".") || name.endsWith(".tmp")),
        [],
        "nothing is left of either",
      );
    }
    t.comment(`${stoodBack} stood back`);
  },
);
