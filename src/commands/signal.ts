/**
 * `node dist/src/signal-server.js stop|reload|check --pid-file FILE`: what the Makefile does to the running server. `stop` ends it
 * and waits until it has ended, `reload` has it take up the index on disk, `check` fails where one runs already.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findServer } from "./pid-file.js";

const PROGRAM = join(import.meta.dirname, "serve.js");
const POLL = 50;
/** The server itself ends within SHUTDOWN_TIMEOUT, an hour at most; this only bounds the wait for one that hangs. Milliseconds. */
const LONGEST_WAIT = 3_660_000;

async function stop(file: string, server: number): Promise<number> {
  process.kill(server, "SIGTERM");
  const start = performance.now();
  while (findServer(file, PROGRAM) === server) {
    if (performance.now() - start > LONGEST_WAIT) {
      process.stderr.write(`billboard: process ${server} got SIGTERM and has not ended: look at its log\n`);
      return 1;
    }
    await sleep(POLL);
  }
  process.stdout.write(`Billboard: process ${server} has ended.\n`);
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { "pid-file": { type: "string" } }, allowPositionals: true });
  const file = values["pid-file"];
  const [command, ...rest] = positionals;
  if (file === undefined || command === undefined || rest.length > 0)
    throw new TypeError("expected one of stop, reload, check and --pid-file FILE");
  const server = findServer(file, PROGRAM);
  switch (command) {
    case "check":
      if (server === undefined) return 0;
      process.stderr.write(`billboard: process ${server} runs here already: \`make stop\` ends it\n`);
      return 1;
    case "reload":
      if (server !== undefined) process.kill(server, "SIGHUP");
      process.stdout.write(
        server === undefined
          ? "Billboard: no server runs here; `make start` starts one.\n"
          : `Billboard: process ${server} was asked to take up the index; its log has the verdict.\n`,
      );
      return 0;
    case "stop":
      if (server !== undefined) return stop(file, server);
      process.stdout.write("Billboard: no server runs here.\n");
      return 0;
    default:
      throw new TypeError(`got "${command}", expected one of stop, reload, check`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`signal-server: ${(error as Error).message.split("\n", 1)[0]!}\n`);
  process.exitCode = 2;
}
