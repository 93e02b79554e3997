/** The life of the server: start, reload, drain. What it meets goes to the log. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { Admin } from "./admin/server.js";
import { collectGarbage } from "./server/collect-garbage.js";
import type { Config } from "./config.js";
import type { Index } from "./index/format.js";
import { totalRequests } from "./response/counters.js";
import { loadIndex } from "./index/load.js";
import { Metrics } from "./admin/metrics.js";
import { claimPort } from "./server/port-claim.js";
import { Reloader, type Verdict } from "./index/reload.js";
import { StatusBoard, type Running } from "./admin/status.js";
import { Workers, type WorkersEvents } from "./server/worker-pool.js";

/** How much later than its deadline a worker may end before it counts as stuck. Milliseconds. */
const GRACE = 2000;

const ADOPTION: Readonly<Record<Verdict["result"], string>> = {
  replaced: "the index on disk was taken up",
  unchanged: "the index on disk was unchanged",
  refused: "the index on disk was refused",
};

export interface Started {
  readonly port: number;
  readonly adminPort: number;
  readonly index: Index;
}

export class Service {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #admin: Admin;
  readonly #metrics: Metrics;
  readonly #status: StatusBoard;
  readonly #workers: Workers;
  #index: Index | undefined;
  #loadedAt = 0;
  #reloader: Reloader | undefined;
  /** A reload was asked for before one was possible. */
  #reloadIsDue = false;
  #isEnding = false;
  #isCut = false;

  constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.#workers = new Workers(config.WORKERS, this.#workersEvents());
    const observe = (): Running => ({
      counters: this.#workers.counters,
      listening: this.#workers.listening,
      restarts: this.#workers.restarts,
      generation: this.#index?.generation,
      periods: this.#index?.counts.periods,
      loadedAt: this.#loadedAt,
    });
    this.#metrics = new Metrics(observe);
    // Without cookies, a visitor of the pages remembers nothing.
    const rotation = config.COOKIES ? config.ROTATION : "independent";
    this.#status = new StatusBoard(observe, { timeZone: config.TIME_ZONE, rotation });
    setInterval(() => {
      this.#status.look();
    }, 1000).unref();
    const administered = {
      unreadiness: () => this.#unreadiness(),
      index: () => this.#index,
      reload: () => (this.#isEnding ? undefined : this.#reloader?.request()),
      status: () => this.#status.status(),
      metrics: async () => ({ type: this.#metrics.contentType, text: await this.#metrics.text() }),
    };
    this.#admin = new Admin(administered, [config.ADMIN_HOST.toLowerCase(), ...config.ADMIN_ALLOWED_HOSTS], (error) => {
      log.error({ event: "fault", err: error }, "a request to the administration port met a fault of the server");
    });
  }

  /**
   * Resolves when visitors are served; undefined where the service was ended meanwhile.
   * @throws Error whose message is one line
   */
  async start(): Promise<Started | undefined> {
    const config = this.#config;
    const port = await claimPort(config.HOST, config.PORT);
    const adminPort = await this.#admin.listen(config.ADMIN_HOST, config.ADMIN_PORT);
    this.#log.info({ event: "start", index: config.INDEX_FILE, workers: config.WORKERS, adminPort }, "starting");
    const index = await loadIndex(config.INDEX_FILE);
    if (this.#isEnding) return undefined;
    const settings = {
      cookie: config.COOKIES
        ? { maxAge: config.COOKIE_MAX_AGE, secure: config.COOKIE_SECURE, sameSite: config.COOKIE_SAMESITE }
        : undefined,
      rotation: config.ROTATION,
      bannerBaseUrl: config.BANNER_BASE_URL,
      allowedOrigins: config.ALLOWED_ORIGINS,
      timeZone: config.TIME_ZONE,
    };
    const data = { settings, host: config.HOST, port, accessLogSample: config.ACCESS_LOG_SAMPLE };
    if (!(await this.#startWorkers(data, index))) return undefined;
    this.#use(index);
    this.#reloader = new Reloader(index.generation, {
      load: () => loadIndex(config.INDEX_FILE),
      replace: async (fresh) => {
        await this.#workers.take(fresh);
        this.#use(fresh);
        setImmediate(collectGarbage);
      },
      report: (verdict) => {
        this.#report(verdict);
      },
    });
    if (this.#reloadIsDue) void this.#reloader.request();
    return { port, adminPort, index };
  }

  /** @returns false where they were ended while they started */
  async #startWorkers(...start: Parameters<Workers["start"]>): Promise<boolean> {
    try {
      await this.#workers.start(...start);
    } catch (error) {
      if (!this.#isEnding) throw error;
    }
    return !this.#isEnding;
  }

  /** Takes up the index on disk; the log has the verdict. */
  reload(): void {
    if (this.#reloader === undefined) this.#reloadIsDue = true;
    else if (!this.#isEnding) void this.#reloader.request();
  }

  /** Drains and ends the process with 0; told a second time, ends it at once with 1. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#isEnding) {
      this.#log.warn({ event: "stop", signal }, "a second signal: ended at once");
      return this.exit(1);
    }
    this.#isEnding = true;
    const { SHUTDOWN_DELAY, SHUTDOWN_TIMEOUT } = this.#config;
    this.#log.info(
      { event: "drain", signal, delay: SHUTDOWN_DELAY },
      "not ready any more; then no new connections, and finishing what is in flight",
    );
    await sleep(SHUTDOWN_DELAY * 1000);
    const deadline = SHUTDOWN_TIMEOUT * 1000;
    const finished = await Promise.race([this.#workers.drain(deadline), sleep(deadline + GRACE, false)]);
    // A second signal came meanwhile, and ends the process.
    if (this.#isCut) return undefined;
    const requests = totalRequests(this.#workers.counters);
    if (finished) this.#log.info({ event: "stop", requests }, "stopped");
    else this.#log.warn({ event: "stop", requests }, "stopped; what was still in flight at the deadline was cut");
    return this.exit(0);
  }

  /** For a fault of the main thread, which cannot be trusted after it. */
  async fail(error: unknown): Promise<void> {
    this.#log.fatal({ event: "stop", err: error }, "a fault of the server: ended at once");
    return this.exit(1);
  }

  /** Ends the process. The threads go first: the runtime aborts where one that has open sockets is ended from outside. */
  async exit(code: number): Promise<void> {
    this.#isEnding = true;
    this.#isCut = true;
    const left = await Promise.race([this.#workers.leave().then(() => true), sleep(GRACE, false)]);
    if (!left) process.kill(process.pid, "SIGKILL");
    process.exit(code);
  }

  #use(index: Index): void {
    this.#index = index;
    this.#loadedAt = Date.now() / 1000;
  }

  #unreadiness(): string | undefined {
    if (this.#isEnding) return "The server is ending.";
    if (this.#index === undefined) return "There is no index yet.";
    return this.#workers.listening === 0 ? "No worker has the public port open." : undefined;
  }

  #report(verdict: Verdict): void {
    this.#metrics.countReload(verdict);
    this.#status.noteReload(verdict);
    const { result } = verdict;
    this.#log[result === "refused" ? "error" : "info"]({ event: "reload", ...verdict }, ADOPTION[result]);
  }

  #workersEvents(): WorkersEvents {
    return {
      onDeath: (worker, reason, restartAfter) => {
        this.#log.error({ event: "worker-death", worker, reason, restartAfter }, "a worker thread has died");
      },
      onReplaced: (worker) => {
        this.#log.info({ event: "worker-ready", worker }, "another is in its place");
      },
      onFault: (worker, { error, method, path }) => {
        this.#log.error({ event: "fault", worker, err: error, method, path }, "a request met a fault of the server");
      },
      onRequest: (worker, request) => {
        this.#log.info({ event: "request", worker, ...request });
      },
    };
  }
}
