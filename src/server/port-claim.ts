/** Keeps the public port to one process: threads share it by SO_REUSEPORT, and a second server would share it too. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { createServer, type AddressInfo, type ListenOptions, type Server } from "node:net";
import { addressOf, CannotListenError } from "./cannot-listen.js";

/** Claims the port until the process ends, and returns its number; 0 finds a free one. @throws CannotListenError */
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

/** Takes the name of an abstract socket, which ends with the process. @throws Error with the code EADDRINUSE */
export async function claim(name: string): Promise<void> {
  if (process.platform !== "linux") return;
  const taken = await openName(name);
  if (taken !== undefined) {
    // Anybody on the machine may take the name first, and must not keep us off by it.
    if (isHeldByThisUser(name)) throw taken;
    // Two servers of this user may start at once while somebody else has the name: each takes one before it looks.
    await openName(`${name}:${randomUUID()}`);
  }
  if (isHeldByThisUser(name)) throw Object.assign(new Error(`${name} is taken`), { code: "EADDRINUSE" });
}

async function openName(name: string): Promise<Error | undefined> {
  try {
    (await open({ path: `\0${name}` })).unref();
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return error as Error;
  }
}

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
    return false;
  }
}

function socketsOf(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap((file) => linkAt(`${folder}/${file}`) ?? []);
  } catch {
    // It has ended meanwhile, or another user hides what it has open.
    return [];
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

async function open(options: ListenOptions): Promise<Server> {
  // Whoever connects is cut off; an error of the connection must not end this process.
  const server = createServer((socket) => socket.on("error", () => undefined).destroy()).listen(options);
  await once(server, "listening");
  return server;
}
