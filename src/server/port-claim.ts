/**
 * Keeps the public port to one process: its threads share the port (SO_REUSEPORT), and the kernel would silently let a
 * second server of the same user, started by mistake, share it too.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { createServer, type AddressInfo, type ListenOptions, type Server } from "node:net";
import { addressOf, CannotListenError } from "./cannot-listen.js";

/**
 * Resolves with the port's number once it is known to be free; `port` 0 finds a free one. The claim lasts as long as
 * the process.
 * @throws CannotListenError
 */
export async function claimPort(host: string, port: number): Promise<number> {
  const address = await addressOf(host, port);
  try {
    // Without SO_REUSEPORT, so that this fails where anybody has the port, whether shared or not.
    const probe = await open({ host: address, port, exclusive: true });
    const { port: claimed } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, "close");
    // Two that start at once may both have found it free.
    await claim(`billboard:${address}:${claimed}`);
    return claimed;
  } catch (error) {
    throw new CannotListenError(host, port, "", error);
  }
}

/**
 * Takes a name for this process until it ends. It is an abstract socket, which goes with the process and belongs to the
 * network namespace, as ports do; only Linux has them. Anybody on the machine may take such a name first, and must not
 * keep us off by it: only a process of this user counts.
 * @throws Error with the code EADDRINUSE where another process of this user has it
 */
export async function claim(name: string): Promise<void> {
  if (process.platform !== "linux") return;
  const taken = await openName(name);
  if (taken !== undefined) {
    if (isHeldByThisUser(name)) throw taken;
    // Two servers of this user at once, beside somebody else who has the name: each takes one before it looks.
    await openName(`${name}:${randomUUID()}`);
  }
  if (isHeldByThisUser(name)) throw Object.assign(new Error(`${name} is taken`), { code: "EADDRINUSE" });
}

/** Resolves with the error where the name is taken. */
async function openName(name: string): Promise<Error | undefined> {
  try {
    (await open({ path: `\0${name}` })).unref();
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return error as Error;
  }
}

/** Whether another process of this user has the name, or the name with something behind it. */
function isHeldByThisUser(name: string): boolean {
  const held = new Set(
    readFileSync("/proc/net/unix", "latin1")
      .split("\n")
      // libuv fills a name up with zeros, or does not, depending on its version.
      .map((line) => line.replace(/@+$/, "").split(/ +/))
      .filter(([, , , , , , , path = ""]) => path === `@${name}` || path.startsWith(`@${name}:`))
      .map(([, , , , , , inode]) => `socket:[${inode!}]`),
  );
  // Not `process.pid`: in a PID namespace, /proc may have the numbers of the world outside.
  const self = linkAt("/proc/self");
  return readdirSync("/proc").some(
    (pid) => /^\d+$/.test(pid) && pid !== self && isOfThisUser(pid) && socketsOf(pid).some((each) => held.has(each)),
  );
}

function isOfThisUser(pid: string): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid!();
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** What its open files are, of those that this process may see. */
function socketsOf(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap((file) => linkAt(`${folder}/${file}`) ?? []);
  } catch {
    // It has ended meanwhile, or hides what it has open.
    return [];
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // Closed meanwhile.
    return undefined;
  }
}

async function open(options: ListenOptions): Promise<Server> {
  // Whoever connects is cut off; an error of the connection must not end this process.
  const server = createServer((socket) => socket.on("error", () => undefined).destroy()).listen(options);
  await once(server, "listening");
  return server;
}
