/**
 * Keeps the public port to one process: its threads share the port (SO_REUSEPORT), and the kernel would silently let a
 * second server of the same user, started by mistake, share it too.
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
 * Resolves with the port's number once it is known to be free; `port` 0 finds a free one. The claim lasts as long as
 * the process.
 * @throws CannotListenError
 */
export async function claimPort(host: string, port: number): Promise<number> {
  try {
    // Without SO_REUSEPORT, so that this fails where anybody has the port, whether shared or not.
    const probe = await open({ host, port, exclusive: true });
    const { port: claimed } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, "close");
    // Two that start at once may both have found it free. An abstract socket goes with the process and belongs to the
    // network namespace, as ports do; only Linux has them.
    if (process.platform === "linux") (await open({ path: `\0billboard:${host}:${claimed}` })).unref();
    return claimed;
  } catch (error) {
    throw new CannotListenError(host, port, undefined, { cause: error });
  }
}

async function open(options: ListenOptions): Promise<Server> {
  // Whoever connects is cut off; an error of the connection must not end this process.
  const server = createServer((socket) => socket.on("error", () => undefined).destroy()).listen(options);
  await once(server, "listening");
  return server;
}
