/** Sends requests at fixed moments, without waiting for responses, with latency counted from the moment due. */
// A generator that waits, as wrk and autocannon do, asks a stalled server less and hides it (coordinated omission).
import { Connection, type Outcome } from "./connection.js";
import type { Clock } from "./clock.js";

export interface OpenLoopSettings {
  readonly host: string;
  readonly port: number;
  readonly requests: number;
  /** With Infinity it is a closed loop: each connection sends its next request when the one before is settled. */
  readonly perSecond: number;
  readonly opened: number;
  readonly maxConnections: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface OpenLoopHandler {
  /** @param lateMs how late the generator is to send, undefined where no connection was free */
  request(number: number, due: number, lateMs: number | undefined): string | Uint8Array;
  settled(number: number, due: number, outcome: Outcome): void;
}

/** Timers are exact to a millisecond, so the rest of a wait is spent looking at the clock. */
const SPIN_MS = 2;
/** Shorter than servers keep idle connections (Billboard: 10 s), so that no request meets one that closes. */
const IDLE_MS = 5_000;
const SWEEP_MS = 100;

/** Resolves with the share of the time in which it was busy, also where the signal is aborted. */
export function runOpenLoop(settings: OpenLoopSettings, handler: OpenLoopHandler): Promise<number> {
  return new OpenLoop(settings, handler).run();
}

class OpenLoop {
  readonly #settings: OpenLoopSettings;
  readonly #handler: OpenLoopHandler;
  readonly #start: number;
  readonly #connections = new Set<Connection>();
  /** Taken from the front, so that none is idle for long. */
  readonly #free: Connection[] = [];
  readonly #end: Promise<void>;
  #stop!: (error?: Error) => void;
  #isOver = false;
  #next = 0;
  #settled = 0;
  #hasWorked = false;
  #idleMs = 0;
  #looked: number;

  constructor(settings: OpenLoopSettings, handler: OpenLoopHandler) {
    this.#settings = settings;
    this.#handler = handler;
    for (let count = 0; count < settings.opened; count++) this.#free.push(this.#open());
    this.#looked = this.#start = settings.clock.steady();
    this.#end = new Promise((resolve, reject) => {
      this.#stop = (error) => {
        this.#isOver = true;
        if (error === undefined) resolve();
        else reject(error);
      };
    });
  }

  async run(): Promise<number> {
    const { signal, timeoutMs } = this.#settings;
    const sweep = setInterval(() => {
      for (const connection of this.#connections)
        if (connection.isClosed) this.#connections.delete(connection);
        else connection.expire(timeoutMs, IDLE_MS);
    }, SWEEP_MS);
    const abort = (): void => {
      this.#stop();
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    try {
      this.#look();
      await this.#end;
      return 1 - this.#idleMs / (this.#looked - this.#start);
    } finally {
      signal.removeEventListener("abort", abort);
      clearInterval(sweep);
      for (const connection of this.#connections) connection.close();
    }
  }

  #due(number: number): number {
    return this.#start + (number * 1000) / this.#settings.perSecond;
  }

  readonly #look = (): void => {
    if (this.#isOver) return;
    const { clock, requests, perSecond, signal } = this.#settings;
    const now = clock.steady();
    if (!this.#hasWorked) this.#idleMs += now - this.#looked;
    this.#looked = now;
    this.#hasWorked = false;
    this.#sendDue(now);
    if (this.#next === requests || perSecond === Infinity) return;
    const waitMs = this.#due(this.#next) - now;
    if (waitMs > SPIN_MS) void clock.sleep(waitMs - SPIN_MS, signal).then(this.#look);
    else setImmediate(this.#look);
  };

  #sendDue(now: number): void {
    while (this.#next < this.#settings.requests && this.#due(this.#next) <= now) {
      const connection = this.#takeFree();
      if (connection === undefined) return;
      this.#send(connection, now - this.#due(this.#next));
    }
  }

  #takeFree(): Connection | undefined {
    for (let connection = this.#free.shift(); connection !== undefined; connection = this.#free.shift())
      if (connection.isClosed) this.#connections.delete(connection);
      else return connection;
    return this.#connections.size < this.#settings.maxConnections ? this.#open() : undefined;
  }

  #open(): Connection {
    const connection = new Connection(this.#settings.host, this.#settings.port);
    this.#connections.add(connection);
    return connection;
  }

  #send(connection: Connection, lateMs?: number): void {
    this.#hasWorked = true;
    const number = this.#next++;
    const due = this.#due(number);
    connection.send(this.#handler.request(number, due, lateMs), (outcome) => {
      this.#receive(connection, number, due, outcome);
    });
  }

  #receive(connection: Connection, number: number, due: number, outcome: Outcome): void {
    this.#hasWorked = true;
    try {
      this.#handler.settled(number, due, outcome);
    } catch (error) {
      this.#stop(error as Error);
    }
    const { requests, clock } = this.#settings;
    if (++this.#settled === requests) this.#stop();
    if (this.#isOver) return;
    if (connection.isClosed) {
      this.#connections.delete(connection);
      this.#sendDue(clock.steady());
    }
    // A request that waits for a connection goes first.
    else if (this.#next < requests && this.#due(this.#next) <= clock.steady()) this.#send(connection);
    else this.#free.push(connection);
  }
}
