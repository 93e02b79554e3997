/**
 * Keeps the public port to one process. Its worker threads share the port, and the kernel would let a second server of the same user,
 * started by mistake, share it too, in silence (SO_REUSEPORT).
 */
import { once } from "node:events";
import { createServer, type AddressInfo, type ListenOptions, type Server } from "node:net";

export class CannotListenError extends Error {
  override readonly name = "CannotListenError";
  /** @param variables which name the address */
  constructor(host: string, port: number, variables = "HOST and PORT", options?: ErrorOptions) {
    super(
      `cannot listen on ${host}:${port}: the port is taken, or the address is not this machine's: see ${variables}`,
      options,
    );
  }
}

/**
 * Answers with the port's number once it is known to be free; `port` 0 finds a free one. The claim lasts as long as the process.
 * @throws CannotListenError
 */
export async function claimPort(host: string, port: number): Promise<number> {
  try {
    // Without SO_REUSEPORT, so that this fails where anybody has the port, whether shared or not.
    const probe = await open({ host, port, exclusive: true });
    const { port: claimed } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, "close");
    // Two that start at once may both have found it free. A name that begins with NUL is the kernel's own, goes with the process and
    // belongs to the network namespace, as ports do. Only Linux has them.
    if (process.platform === "linux") (await open({ path: `\0billboard:${host}:${claimed}` })).unref();
    return claimed;
  } catch (error) {
    throw new CannotListenError(host, port, undefined, { cause: error });
  }
}

async function open(options: ListenOptions): Promise<Server> {
  // There is nothing to say to whoever connects, and what becomes of his connection must not become a fault of this process.
  const server = createServer((socket) => socket.on("error", () => undefined).destroy()).listen(options);
  await once(server, "listening");
  return server;
}
