import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import t from "tap";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";
import { RunningServer } from "../running-server.js";

const PROGRAM = join(import.meta.dirname, "../../../src/commands/reload.js");

async function reload(adminPort: unknown, ...options: string[]): Promise<[code: unknown, output: string]> {
  const env = { PATH: process.env["PATH"], ADMIN_PORT: String(adminPort) };
  const child = spawn(process.execPath, [PROGRAM, ...options], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [unknown];
  return [code, output];
}

await t.test("npm run reload says what came of it", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1" });
  const { adminPort } = await server.next("ready");
  const [first, second] = [generationOf(FIRST), generationOf(SECOND)];
  t.same(await reload(adminPort), [0, `Billboard: generation ${first} is on disk and is served already.\n`]);
  publish(file, SECOND);
  t.same(await reload(adminPort), [0, `Billboard: generation ${second} is served now, in place of ${first}.\n`]);
  publish(file, broken());
  const [code, output] = await reload(adminPort);
  t.equal(code, 1);
  t.match(output, /^reload: the index on disk was refused: .*index\.bin: altered: .*; generation \w+ is served on\n$/);
  t.equal(await server.stop(), 0);

  const [gone, why] = await reload(adminPort);
  t.equal(gone, 1);
  t.match(
    why,
    /^reload: http:\/\/127\.0\.0\.1:\d+\/reload: no server answers \(.*ECONNREFUSED.*\): start one, or set ADMIN_HOST/,
  );
});

await t.test("help, and wrong usage", async (t) => {
  t.match(await reload(1, "--help"), [0, /^Usage: npm run reload\n/]);
  t.match(await reload(1, "--hlep"), [2, /^reload: Unknown option '--hlep'/]);
  t.same(await reload("x"), [2, 'reload: ADMIN_PORT: got "x", expected a whole number from 0 to 65535\n']);
});
