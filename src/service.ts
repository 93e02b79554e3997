/** Starts, reloads and drains the server, and logs what happens. It alone owns the index that is served. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { Admin } from "./admin/server.js";
import type { ServedIndex, ServerState } from "./admin/state.js";
import { readToken } from "./admin/token.js";
import { readSupervision, type Config } from "./config.js";
import { otherZone } from "./decision/other-zone.js";
import type { Index } from "./index/format.js";
import { loadIndex, LoadIndexError } from "./index/load.js";
import { describeReload, Reloader, type ReloadResult } from "./index/reload.js";
import type { Log } from "./log/log.js";
import { totalRequests, type Counters } from "./response/counters.js";
import { collectGarbage } from "./server/collect-garbage.js";
import { maxDescriptors } from "./server/connection-limit.js";
import type { Choice } from "./server/engine.js";
import type { WorkerSettings } from "./server/messages.js";
import { claimPort } from "./server/port-claim.js";
import { WorkerPool, type PoolEvents } from "./server/worker-pool.js";
import { Notifier } from "./supervisor/notifier.js";

/** How much later than its deadline a worker may end before it counts as stuck. */
const GRACE_MS = 2000;

/** Connections to the administration port, and as many to the health port. */
const MAX_ADMIN_CONNECTIONS = 256;
/** Descriptors for what is opened now and then: the index, files of the log, threads that start. */
const SPARE_DESCRIPTORS = 32;

export interface Started {
  readonly port: number;
  /** undefined where there is a Unix socket in its place. */
  readonly adminPort: number | undefined;
  readonly healthPort: number | undefined;
  readonly index: Index;
}

export class Service implements ServerState {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #lines: Log["writer"];
  readonly #admin: Admin;
  readonly #choice: Choice;
  readonly #workers: WorkerPool;
  readonly #notifier: Notifier;
  readonly #maxAdminConnections = Math.min(MAX_ADMIN_CONNECTIONS, Math.ceil(maxDescriptors() / 16));
  readonly #reloader = new Reloader(() => this.#reload());
  #served: ServedIndex | undefined;
  #isStarted = false;
  /** Whether a reload was asked for before one was possible. */
  #reloadIsDue = false;
  #isEnding = false;
  #isCut = false;

  /** @throws UsageError where the token cannot be read */
  constructor(config: Config, choice: Choice, { logger: log, writer }: Log) {
    this.#config = config;
    this.#log = log;
    this.#lines = writer;
    this.#choice = choice;
    this.#workers = new WorkerPool(choice.workers, config.HANG_TIMEOUT, this.#poolEvents());
    this.#notifier = new Notifier(readSupervision(), log, () => this.#workers.hung.length === 0);
    this.#admin = new Admin(
      this,
      {
        allowedHosts: [config.ADMIN_HOST.toLowerCase(), ...config.ADMIN_ALLOWED_HOSTS],
        timeZone: config.TIME_ZONE,
        // Without cookies, visitors of pages remember nothing.
        rotation: config.COOKIES ? config.ROTATION : "independent",
        token: readToken(config),
        maxConnections: this.#maxAdminConnections,
      },
      (error) => {
        log.error({ event: "error", err: error }, "unexpected error in a request to the administration port");
      },
    );
  }

  get served(): ServedIndex | undefined {
    return this.#served;
  }

  get unreadiness(): string | undefined {
    if (this.#isEnding) return "The server is ending.";
    if (this.#served === undefined) return "There is no index yet.";
    const { hung } = this.#workers;
    if (hung.length > 0) return `Worker ${hung.join(", ")} hangs.`;
    return this.#workers.listening === 0 ? "No worker has the public port open." : undefined;
  }

  get engine(): Choice["engine"] {
    return this.#choice.engine;
  }

  get counters(): readonly Counters[] {
    return this.#workers.counters;
  }

  get listening(): number {
    return this.#workers.listening;
  }

  get connections(): ServerState["connections"] {
    return this.#workers.connections;
  }

  get restarts(): number {
    return this.#workers.restarts;
  }

  get hangs(): number {
    return this.#workers.hangs;
  }

  get logLinesDropped(): number {
    return this.#lines.dropped;
  }

  /** Resolves with undefined where the service was ended meanwhile. @throws Error whose message is one line */
  async start(): Promise<Started | undefined> {
    const { HOST, PORT, INDEX_FILE } = this.#config;
    const { engine, workers, warnings } = this.#choice;
    for (const warning of warnings) this.#log.warn({ event: "engine", engine }, warning);
    const port = await claimPort(HOST, PORT);
    const { adminPort, healthPort } = await this.#openAdmin();
    this.#log.info({ event: "start", index: INDEX_FILE, engine, workers, adminPort, healthPort }, "starting");
    const index = await loadIndex(INDEX_FILE);
    if (this.#isEnding) return undefined;
    this.#serve(index);
    if (!(await this.#startWorkers(port))) return undefined;
    this.#isStarted = true;
    this.#notifier.ready(`serving generation ${index.generation}`);
    if (this.#reloadIsDue) void this.#reloader.request();
    return { port, adminPort, healthPort, index };
  }

  async #openAdmin(): Promise<Pick<Started, "adminPort" | "healthPort">> {
    const { ADMIN_HOST, ADMIN_PORT, ADMIN_SOCKET, HEALTH_HOST, HEALTH_PORT } = this.#config;
    let adminPort;
    if (ADMIN_SOCKET === "") adminPort = await this.#admin.listen(ADMIN_HOST, ADMIN_PORT);
    else await this.#admin.listenOnSocket(ADMIN_SOCKET);
    const healthPort = HEALTH_PORT === "" ? undefined : await this.#admin.listenForHealth(HEALTH_HOST, HEALTH_PORT);
    return { adminPort, healthPort };
  }

  async #startWorkers(port: number): Promise<boolean> {
    const reserve = 2 * this.#maxAdminConnections + SPARE_DESCRIPTORS;
    try {
      await this.#workers.start(this.#workerSettings(port), () => this.#served!.index, reserve);
    } catch (error) {
      if (!this.#isEnding) throw error;
    }
    return !this.#isEnding;
  }

  reload(): void {
    if (!this.#isStarted) this.#reloadIsDue = true;
    else void this.requestReload();
  }

  requestReload(): Promise<ReloadResult> | undefined {
    return this.#isStarted && !this.#isEnding ? this.#reloader.request() : undefined;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#isEnding) {
      this.#log.warn({ event: "stop", signal }, "stopped at once by a second signal");
      return this.exit(1);
    }
    this.#isEnding = true;
    const { SHUTDOWN_DELAY } = this.#config;
    this.#log.info({ event: "drain", signal, delay: SHUTDOWN_DELAY }, "draining");
    this.#notifier.stopping("draining");
    await sleep(SHUTDOWN_DELAY * 1000);
    const finished = await this.#drain();
    // A second signal ends the process meanwhile.
    if (this.#isCut) return undefined;
    const requests = totalRequests(this.counters);
    if (finished) this.#log.info({ event: "stop", requests }, "stopped");
    else this.#log.warn({ event: "stop", requests }, "stopped; connections were cut at SHUTDOWN_TIMEOUT");
    return this.exit(0);
  }

  /** Returns whether all workers finished, of which one may begin to hang meanwhile. */
  #drain(): Promise<boolean> {
    const deadlineMs = this.#config.SHUTDOWN_TIMEOUT * 1000;
    return Promise.race([this.#workers.drain(deadlineMs), sleep(deadlineMs + GRACE_MS, false)]);
  }

  /** Ends the process after an error of the main thread, which cannot be trusted any more. */
  async fail(error: unknown): Promise<void> {
    this.#log.fatal({ event: "stop", err: error }, "stopped at once by an unexpected error");
    return this.exit(1);
  }

  /** Ends the threads first: Node.js aborts where a thread with open sockets is ended from outside. */
  async exit(code: number): Promise<void> {
    this.#isEnding = true;
    this.#isCut = true;
    this.#notifier.stopping("ending");
    // Else a Unix socket would be left behind.
    this.#admin.close();
    const left = await Promise.race([this.#workers.leave().then(() => true), sleep(GRACE_MS, false)]);
    if (!left) {
      // Node.js has no other way past a thread that hangs. SIGKILL skips the handlers of `exit` (log, pid file).
      process.emit("exit", code);
      process.kill(process.pid, "SIGKILL");
    }
    process.exit(code);
  }

  /** Ends the process for its supervisor to restart: a thread that hangs cannot be ended alone. */
  async #endStuck(worker: number): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { HANG_TIMEOUT } = this.#config;
    this.#log.fatal(
      { event: "drain", worker },
      `worker ${worker} has hung for ${HANG_TIMEOUT} s: draining the others, to end for a restart`,
    );
    this.#notifier.stopping(`worker ${worker} hangs: draining the others`);
    await this.#drain();
    if (this.#isCut) return;
    this.#log.fatal({ event: "stop", worker }, `stopped, because worker ${worker} hangs`);
    return this.exit(1);
  }

  async #reload(): Promise<ReloadResult> {
    this.#notifier.reloading();
    const result = await this.#replace(this.#served!.index.generation);
    this.#notifier.ready(describeReload(result));
    this.#admin.noteReload(result);
    const level = result.result === "refused" ? "error" : "info";
    this.#log[level]({ event: "reload", ...result }, describeReload(result));
    return result;
  }

  async #replace(previous: string): Promise<ReloadResult> {
    try {
      await this.#release();
      const index = await loadIndex(this.#config.INDEX_FILE, { served: previous });
      if (index === undefined) return { result: "unchanged", generation: previous, previous };
      const { generation } = index;
      await this.#workers.prepare(index);
      this.#serve(index);
      await this.#workers.swap();
      return { result: "replaced", generation, previous };
    } catch (error) {
      this.#workers.discard();
      if (!(error instanceof LoadIndexError))
        this.#log.error({ event: "error", err: error }, "unexpected error in a reload");
      return { result: "refused", generation: previous, previous, reason: (error as Error).message };
    } finally {
      setImmediate(collectGarbage);
    }
  }

  async #release(): Promise<void> {
    await this.#workers.release();
    // The collection at the end of the last reload comes first.
    await nextTurn();
  }

  #serve(index: Index): void {
    this.#served = { index, loadedAt: Date.now() };
    const warning = otherZone(index.timeZone, this.#config.TIME_ZONE);
    if (warning !== undefined) this.#log.warn({ event: "other-zone", timeZone: index.timeZone }, warning);
    this.#admin.cutReaders();
  }

  #workerSettings(port: number): WorkerSettings {
    const config = this.#config;
    return {
      engine: this.#choice.engine,
      response: {
        cookie: config.COOKIES
          ? { maxAge: config.COOKIE_MAX_AGE, secure: config.COOKIE_SECURE, sameSite: config.COOKIE_SAMESITE }
          : undefined,
        rotation: config.ROTATION,
        bannerBaseUrl: config.BANNER_BASE_URL,
        allowedOrigins: config.ALLOWED_ORIGINS,
        timeZone: config.TIME_ZONE,
      },
      host: config.HOST,
      port,
      accessLogSample: config.ACCESS_LOG_SAMPLE,
    };
  }

  #poolEvents(): PoolEvents {
    return {
      onDeath: (worker, reason, restartAfterMs) => {
        this.#log.error({ event: "worker-died", worker, reason, restartAfterMs }, "worker died");
      },
      onRestarted: (worker) => {
        this.#log.info({ event: "worker-restarted", worker }, "worker restarted");
      },
      onHang: (worker) => {
        this.#log.error({ event: "worker-hangs", worker }, `worker ${worker} hangs: it does nothing any more`);
      },
      onResumed: (worker) => {
        this.#log.info({ event: "worker-resumed", worker }, `worker ${worker} goes on`);
      },
      onStuck: (worker) => void this.#endStuck(worker),
      onError: (worker, { error, method, path }) => {
        this.#log.error({ event: "error", worker, err: error, method, path }, "unexpected error in a request");
      },
      onRequest: (worker, request) => {
        this.#log.info({ event: "request", worker, ...request });
      },
    };
  }
}
