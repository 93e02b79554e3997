/**
 * Requests to a server in an open model: each is sent when it is due, or, where no connection is free then, as soon as one is; and its
 * latency counts from the moment it was due. A server that stalls is so asked no less, and all that wait for it are counted.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { AnswerReader } from "./answer-reader.js";
import { newHistogram, percentilesOf, record, type Percentiles, type SecondOfLoad } from "./latencies.js";
import { Schedule } from "./schedule.js";

export interface Load {
  readonly port: number;
  /** Requests a second. */
  readonly rate: number;
  /** Not counted. */
  readonly warmUp: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Latencies, in microseconds from the moment a request was due. */
export interface Latency extends Percentiles {
  /** Of those that count. */
  readonly answered: number;
  /** The share of the time in which the generator had something to do: sent, or read an answer. */
  readonly generatorBusy: number;
  /** How late the generator itself was to send, where a connection was free: p99.9, microseconds. */
  readonly latestSend: number;
  /** When the first that counts was due: milliseconds since 1970. */
  readonly began: number;
  /** By the second in which they were due. */
  readonly bySecond: readonly SecondOfLoad[];
}

/** How long the last may take. Milliseconds. */
const PATIENCE = 10_000;
const READ_BUFFER = 65_536;

interface Connection {
  readonly socket: Socket;
  /** The number of the request that is under way, or -1. */
  request: number;
}

/**
 * @param requests whose bytes are sent over and over, one after the other
 * @throws Error for any answer but 200, for a connection that closes, and for requests without an answer
 */
export async function driveLoad(load: Load, requests: readonly Uint8Array[]): Promise<Latency> {
  return new Driver(load, requests).run();
}

class Driver {
  readonly #load: Load;
  readonly #requests: readonly Uint8Array[];
  readonly #all = newHistogram();
  readonly #late = newHistogram();
  readonly #bySecond: ReturnType<typeof newHistogram>[] = [];
  readonly #connections: Connection[] = [];
  /** Those without a request, who has been so for longest first: none rests until the server closes it. */
  readonly #free: Connection[] = [];
  #schedule!: Schedule;
  #next = 0;
  #answered = 0;
  #fault: Error | undefined;
  /** Whether anything was sent or read since the loop last looked. */
  #hasWorked = false;
  #isOver = false;

  constructor(load: Load, requests: readonly Uint8Array[]) {
    this.#load = load;
    this.#requests = requests;
  }

  async run(): Promise<Latency> {
    try {
      for (let at = 0; at < this.#load.connections; at++) await this.#connect();
      const start = performance.now();
      this.#schedule = new Schedule(start, this.#load.rate, this.#load);
      this.#free.push(...this.#connections);
      const busy = await this.#loop(start);
      this.#requireAll();
      return {
        ...percentilesOf(this.#all),
        answered: this.#all.count,
        generatorBusy: busy,
        latestSend: percentilesOf(this.#late).p999,
        began: performance.timeOrigin + start + this.#load.warmUp * 1000,
        bySecond: this.#bySecond.map((second) => ({ requests: second.count, ...percentilesOf(second) })),
      };
    } finally {
      this.#isOver = true;
      for (const { socket } of this.#connections) socket.destroy();
    }
  }

  /**
   * Looks again and again, without a pause: timers are right to a millisecond only, in which a server answers a hundred requests.
   * @returns the share of the time in which there was something to do
   */
  async #loop(start: number): Promise<number> {
    const { count } = this.#schedule;
    const deadline = this.#schedule.due(count - 1) + PATIENCE;
    let idle = 0;
    let looked = start;
    return new Promise((resolve) => {
      const look = (): void => {
        const now = performance.now();
        // From one look to the next, the time of the kernel included.
        if (!this.#hasWorked) idle += now - looked;
        looked = now;
        this.#hasWorked = false;
        if (this.#answered === count || this.#fault !== undefined || now > deadline) {
          resolve(1 - idle / (now - start));
          return;
        }
        while (this.#next < count && this.#free.length > 0 && this.#schedule.due(this.#next) <= now) {
          record(this.#late, now - this.#schedule.due(this.#next));
          this.#send(this.#free.shift()!);
        }
        setImmediate(look);
      };
      look();
    });
  }

  async #connect(): Promise<void> {
    const reader = new AnswerReader();
    const socket = connect({
      host: "127.0.0.1",
      port: this.#load.port,
      noDelay: true,
      // One buffer a connection, used again and again, and no stream: that takes a third of the time.
      onread: {
        buffer: Buffer.allocUnsafe(READ_BUFFER),
        callback: (length, buffer) => {
          this.#hasWorked = true;
          try {
            if (reader.read((buffer as Buffer).subarray(0, length))) this.#take(connection);
          } catch (error) {
            this.#fault ??= error as Error;
          }
          return true;
        },
      },
    });
    const connection: Connection = { socket, request: -1 };
    await once(socket, "connect");
    socket.on("error", (error) => (this.#fault ??= error));
    socket.on("close", () => {
      if (!this.#isOver) this.#fault ??= new Error("the server closed a connection");
    });
    this.#connections.push(connection);
  }

  #send(connection: Connection): void {
    this.#hasWorked = true;
    connection.request = this.#next++;
    connection.socket.write(this.#requests[connection.request % this.#requests.length]!);
  }

  #take(connection: Connection): void {
    const { request } = connection;
    if (request === -1) throw new Error("an answer that nobody asked for");
    connection.request = -1;
    this.#answered++;
    const now = performance.now();
    if (this.#schedule.counts(request)) {
      const latency = now - this.#schedule.due(request);
      record(this.#all, latency);
      record((this.#bySecond[this.#schedule.secondOf(request)] ??= newHistogram()), latency);
    }
    // One that waits for a connection goes first.
    if (this.#next < this.#schedule.count && this.#schedule.due(this.#next) <= now) this.#send(connection);
    else this.#free.push(connection);
  }

  #requireAll(): void {
    if (this.#fault !== undefined) throw this.#fault;
    const lost = this.#schedule.count - this.#answered;
    if (lost > 0) throw new Error(`${lost} of ${this.#schedule.count} requests were not answered`);
  }
}
