/** A server that was just started to its first good answer: asked over and over, as soon as it could be there. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Running } from "./contenders/contender.js";

/** Between two questions. Milliseconds. */
const PAUSE = 1;
/** How long a server may take. Milliseconds. */
const PATIENCE = 30_000;
const GOOD = "HTTP/1.1 200 ";

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Resolves when the server has answered with 200.
 * @throws Error where one of its processes has ended, or where no good answer has come in half a minute
 */
export async function firstAnswer(
  { processes }: Pick<Running, "processes">,
  port: number,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + PATIENCE;
  let last = "none";
  while (performance.now() < end) {
    signal.throwIfAborted();
    last = await ask(port, path);
    if (last.startsWith(GOOD)) return;
    const ended = processes.find(({ hasEnded }) => hasEnded);
    if (ended !== undefined) throw new Error(`it has ended before it answered: ${ended.complaint}`);
    await sleep(PAUSE);
  }
  throw new Error(`no answer of 200 to ${path} within ${PATIENCE / 1000} s; the last: ${last}`);
}

/** The first line of the answer, or why there was none. */
async function ask(port: number, path: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let got = "";
  try {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    for await (const piece of socket) {
      got += String(piece);
      if (got.includes("\r\n")) break;
    }
    return got.split("\r\n", 1)[0]!;
  } catch (error) {
    return (error as Error).message;
  } finally {
    socket.destroy();
  }
}
