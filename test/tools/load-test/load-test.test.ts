import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import t from "tap";
import type { Figures } from "../../../tools/load-test/figures.js";
import { fakeServer, good } from "./fake-server.js";

const BILLBOARD = fileURLToPath(new URL("../../../bin/billboard.js", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], onStart?: (interrupt: () => void) => void): Promise<Outcome> {
  const child = spawn(process.execPath, [BILLBOARD, "load-test", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onStart?.(() => child.kill("SIGINT"));
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

await t.test(
  "A run prints the table and the result, writes the figures, and ends with the result's code",
  async (t) => {
    const url = await fakeServer(t, good);
    const file = join(t.testdir(), "figures.json");
    const args = ["--url", url.origin, "--campaigns", "1-3", "--requests", "100", "--connections", "4", "--json", file];
    const { code, stdout, stderr } = await run(args);
    const figures = JSON.parse(await readFile(file, "utf8")) as Figures;
    t.equal(figures.complete, 100);
    t.equal(figures.failed.total + figures.violations.total, 0);
    t.match(stdout, "Complete requests:      100 of 100\n");
    // Whether a machine reaches the rate is its own affair: the code must say what the figures say.
    const passed = figures.shortcomings.length === 0;
    t.match(stdout, passed ? "\nPASSED: " : "\nFAILED: ");
    t.equal(code, passed ? 0 : 1);
    t.equal(stderr, "", "no progress where there is no terminal");
  },
);

await t.test("A run that failed ends with 1", async (t) => {
  const url = await fakeServer(t, () => ({ status: 500, headers: {}, body: "" }));
  const { code, stdout } = await run(["--url", url.origin, "--campaigns", "1", "--requests", "10"]);
  t.match(stdout, "\nFAILED: 10 failed");
  t.equal(code, 1);
});

await t.test("Ctrl-C prints what there is and ends with 1", async (t) => {
  let interrupt = (): void => undefined;
  const url = await fakeServer(t, (asked) => {
    if (asked.number < 20) return good(asked);
    interrupt();
    return new Promise<never>(() => undefined);
  });
  const args = ["--url", url.origin, "--campaigns", "1", "--connections", "1"];
  const { code, stdout } = await run(args, (kill) => (interrupt = kill));
  t.match(stdout, "Complete requests:      19 of 50000\n");
  t.match(stdout, "\nFAILED: interrupted after 19 of 50000 requests");
  t.equal(code, 1);
});

await t.test("Wrong usage is one line, and ends with 2", async (t) => {
  for (const args of [["--requests", "none"], ["--unknown"], ["--url", "--index"]]) {
    const { code, stdout, stderr } = await run(args);
    t.match(stderr, /^billboard load-test: [^\n]+\n$/);
    t.equal(stdout, "");
    t.equal(code, 2);
  }
});

await t.test("An index that cannot be read is one line that names it, and ends with 1", async (t) => {
  const file = join(t.testdir(), "none.bin");
  const { code, stderr } = await run(["--index", file]);
  t.match(stderr, /^billboard load-test: [^\n]+\n$/);
  t.ok(stderr.includes(file));
  t.equal(code, 1);
});

await t.test("A server that is not there is one line, and ends with 1", async (t) => {
  const url = await fakeServer(t, good);
  // No server can listen on port 0, so nobody answers there.
  const { code, stderr } = await run(["--url", `http://${url.hostname}:0`]);
  t.equal(stderr, "billboard load-test: http://127.0.0.1:0: nobody answers there: start it with `make start`\n");
  t.equal(code, 1);
});

await t.test("--help prints the help and ends with 0", async (t) => {
  const { code, stdout } = await run(["--help"]);
  t.match(stdout, /\nUsage: billboard load-test/);
  t.equal(code, 0);
});
