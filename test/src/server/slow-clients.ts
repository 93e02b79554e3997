/**
 * Clients that take their time: each sends a byte a second of a request that never ends, or takes nothing of its
 * answer.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How a client begins; what follows is one byte a second. */
export const BEGINNINGS = {
  method: "",
  header: "GET /campaigns/1 HTTP/1.1\r\nHost: test\r\nSlow: ",
  "header after an answer":
    "GET /campaigns/1 HTTP/1.1\r\nHost: test\r\n\r\nGET /campaigns/1 HTTP/1.1\r\nHost: test\r\nSlow: ",
  body: "POST /campaigns/1 HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n",
  "chunked body": "POST /campaigns/1 HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
};

export type Beginning = keyof typeof BEGINNINGS;

export class SlowClient {
  readonly socket: Socket;
  /** Milliseconds from its connection to its end. */
  readonly lasted: Promise<number>;

  private constructor(socket: Socket) {
    this.socket = socket;
    const start = performance.now();
    this.lasted = new Promise((resolve) => {
      socket.on("close", () => {
        resolve(performance.now() - start);
      });
    });
    // That it is cut is what is expected of it.
    socket.on("error", () => undefined);
  }

  static async #open(port: number, text: string): Promise<SlowClient> {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay();
    await once(socket, "connect");
    const client = new SlowClient(socket);
    socket.write(text);
    return client;
  }

  static async sender(port: number, beginning: Beginning): Promise<SlowClient> {
    const client = await SlowClient.#open(port, BEGINNINGS[beginning]);
    client.socket.resume();
    return client;
  }

  /** One that takes what the kernel and this process take unasked, and then as little as `takeByte` says. */
  static async reader(port: number, path: string): Promise<SlowClient> {
    const client = await SlowClient.#open(port, `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
    client.socket.pause();
    return client;
  }

  sendByte(): void {
    if (this.socket.writable) this.socket.write("x");
  }

  takeByte(): void {
    this.socket.read(1);
  }
}

/** Sends a byte of each a second, evenly over the second, and has each reader take one. */
export class Drip {
  /** Bytes sent and taken. */
  bytes = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(senders: readonly SlowClient[], readers: readonly SlowClient[] = []) {
    const STEPS = 50;
    let step = 0;
    this.#timer = setInterval(() => {
      for (let at = step; at < senders.length; at += STEPS, this.bytes++) senders[at]!.sendByte();
      for (let at = step; at < readers.length; at += STEPS, this.bytes++) readers[at]!.takeByte();
      step = (step + 1) % STEPS;
    }, 1000 / STEPS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
