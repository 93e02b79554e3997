/** Stands between two shards, and cuts what goes through it once one asks the other what was named. */
import { once } from "node:events";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";

export class CutProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.#forward(socket);
  });
  #cutAt: string | undefined;
  /** How often it was cut. */
  cuts = 0;

  private constructor(readonly target: number) {}

  static async start(target: number): Promise<CutProxy> {
    const proxy = new CutProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on; undefined for no more. */
  cutAt(text: string | undefined): void {
    this.#cutAt = text;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  #forward(client: Socket): void {
    const server = connect(this.target, "127.0.0.1");
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
      // What the other side does is what the test is about.
      socket.on("error", () => socket.destroy());
    }
    let asked = "";
    client.on("data", (chunk) => {
      asked = (asked + chunk.toString("latin1")).slice(-100_000);
      if (this.#cutAt !== undefined && asked.includes(this.#cutAt)) {
        this.cuts++;
        client.destroy();
      } else server.write(chunk);
    });
    server.on("data", (chunk) => client.write(chunk));
  }
}
