import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, watch } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t from "tap";
import { filesOf } from "../built-index.js";
import { bare } from "../commands.js";
import { clicksCsv } from "../data-folder.js";

for (const signal of ["SIGINT", "SIGTERM"] as const)
  await t.test(`${signal} ends a build with one line, and leaves nothing of it`, async (t) => {
    // As many rows as take some time.
    const clicks = Array.from({ length: 2_000_000 }, (_, at) => `${at + 1},371,7\n`).join("");
    const folder = t.testdir({ data: { 1: { "clicks_1.csv": clicksCsv() + clicks } } });
    const out = join(folder, "out");
    mkdirSync(out);
    const [program, ...before] = bare("build");
    const child = spawn(program, [...before, "--data", join(folder, "data"), "--out", out], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const watcher = watch(out, (_, name) => {
      if (name !== "rejects.csv.tmp") return;
      // Once: a second signal would end it where it is.
      watcher.close();
      child.kill(signal);
    });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    t.strictSame(
      { status, stdout, stderr },
      {
        status: 1,
        stdout: "",
        stderr: "billboard build: interrupted: nothing is published\n",
      },
    );
    t.strictSame(filesOf(out), {});
  });
