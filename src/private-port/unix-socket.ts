/** Opens a Unix socket that only this user may use, in place of one that a server has left behind. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { lstatSync, unlinkSync } from "node:fs";
import { connect, type Server } from "node:net";
import { resolve } from "node:path";
import { claim } from "../server/port-claim.js";

/** The system has no room for more (BSD and so macOS for less), and Node.js cuts a longer path off without a word. */
const MAX_PATH_BYTES = process.platform === "linux" ? 107 : 103;

/** @throws Error whose message is one line */
export async function listenOnSocket(server: Server, given: string): Promise<void> {
  const path = resolve(given);
  const refuse = (reason: string, cause?: unknown): Error =>
    new Error(`ADMIN_SOCKET: cannot listen on ${path}: ${reason}`, { cause });
  // What Node.js opens there is a pipe, which other users may open too.
  if (process.platform === "win32") throw refuse("Windows has no such sockets: use ADMIN_PORT in its place");
  try {
    if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw new Error("the path is too long");
    // Of two servers that start at once, the second would remove what the first has just made.
    await claim(`billboard-socket:${createHash("sha256").update(path).digest("hex").slice(0, 32)}`);
    if (await isLeftBehind(path)) unlinkSync(path);
    // `listen` makes it with the mode that the mask leaves: 0600.
    const mask = process.umask(0o177);
    try {
      server.listen({ path });
    } finally {
      process.umask(mask);
    }
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw refuse("another server has it: end that one, or name another path", error);
    throw refuse(
      `${message}: name a path of at most ${MAX_PATH_BYTES} bytes where there is none, in a folder that is there`,
      error,
    );
  }
}

async function isLeftBehind(path: string): Promise<boolean> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (!stat.isSocket()) throw new Error("something else is there, which is no socket");
  const socket = connect(path);
  try {
    await once(socket, "connect");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return true;
    throw error;
  } finally {
    socket.destroy();
  }
  throw Object.assign(new Error("a server answers there"), { code: "EADDRINUSE" });
}
