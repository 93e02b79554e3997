/** Visitors of campaign 1 who ask one request after the other, remember their last banner and judge each answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { Connection, type RawAnswer } from "./server/connection.js";

export interface VisitorsOptions {
  /** A connection for each request, instead of one for all of a visitor's. */
  readonly reconnect?: boolean;
  /** What is wrong with an answer, or undefined. */
  readonly judge?: (banner: number, answer: RawAnswer) => string | undefined;
}

/** The banner that an answer's cookie names. */
export function servedBanner({ headers }: RawAnswer): number {
  return Number(/^last_banner=(\d+)/.exec(headers["set-cookie"] ?? "")?.[1]);
}

export class Visitors {
  /** The banners they got: one for each whole answer. */
  readonly banners: number[] = [];
  readonly failures: string[] = [];
  /**
   * Connections that were not made, or ended before a byte of the first answer, as those do that the kernel has made
   * and the server has not accepted. A test must say why there may be any.
   */
  refused = 0;
  readonly #port: number;
  readonly #options: VisitorsOptions;
  readonly #running: Promise<void>[];
  #stopped = false;

  constructor(port: number, count: number, options: VisitorsOptions = {}) {
    this.#port = port;
    this.#options = options;
    this.#running = Array.from({ length: count }, () => this.#visit());
  }

  /** Resolves when this many more answers have come, or one has failed. */
  async more(count: number): Promise<void> {
    const goal = this.banners.length + count;
    while (this.banners.length < goal && this.failures.length === 0) await sleep(1);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.gone();
  }

  /** Resolves when all have left: told to by `Connection: close`, if they came to stay, or refused, or failed. */
  async gone(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #visit(): Promise<void> {
    const { reconnect = false } = this.#options;
    let last = 0;
    let connection: Connection | undefined;
    while (!this.#stopped) {
      const isFresh = connection === undefined;
      connection ??= await this.#connect();
      if (connection === undefined) return;
      connection.send("GET /campaigns/1/ HTTP/1.1", `Cookie: last_banner=${last}`);
      let answer;
      try {
        answer = await connection.answer();
      } catch (error) {
        if (isFresh && connection.rest === "") this.refused++;
        else this.failures.push(String(error));
        break;
      }
      const banner = servedBanner(answer);
      const fault =
        answer.status !== 200 || banner === last ? `${answer.status}: banner ${banner} after ${last}` : undefined;
      const wrong = fault ?? this.#options.judge?.(banner, answer);
      if (wrong !== undefined) this.failures.push(wrong);
      this.banners.push((last = banner));
      if (!reconnect && answer.headers["connection"] === "close") break;
      if (!reconnect) continue;
      connection.socket.destroy();
      connection = undefined;
    }
    connection?.socket.destroy();
  }

  async #connect(): Promise<Connection | undefined> {
    try {
      return await Connection.open(this.#port);
    } catch {
      // `Connection.open` throws for nothing but a connection that is not made.
      this.refused++;
      return undefined;
    }
  }
}
