/**
 * Addresses of this machine that nobody else uses: on Linux all of 127.0.0.0/8 are its own. So a free port stays free
 * until it is taken, a port that a server has left is not taken by another test's server, and clients can be many.
 */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

const address = (block: number, number: number): string =>
  `127.${block + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;

/** What this process's servers and proxies listen on. Process ids have at most 22 bits. */
export const OWN_ADDRESS = address(64, process.pid);

let clients = 0;

/** One that no request of this process came from before. */
export function clientAddress(): string {
  return address(128, ++clients);
}

const given = new Set<number>();

/** One that was not given before: whoever it was given to may not have taken it yet. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, OWN_ADDRESS);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}
