/** Starts, reloads and drains the server, and logs what happens. It alone owns the index that is served. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { Admin } from "./admin/server.js";
import type { ServedIndex, ServerState } from "./admin/state.js";
import { readToken } from "./admin/token.js";
import { readS3Environment, readSupervision, type Config } from "./config.js";
import { otherZone } from "./decision/other-zone.js";
import { Catalog } from "./index/catalog.js";
import type { Index } from "./index/format.js";
import { LoadIndexError } from "./index/load.js";
import { collectGarbage, freeOld, requireFreed } from "./index/memory.js";
import { describeReload, Reloader, type ReloadResult } from "./index/reload.js";
import type { Log } from "./log/log.js";
import { Feed } from "./pull/feed.js";
import type { Origin } from "./pull/origin.js";
import { previousOf } from "./pull/places.js";
import type { PullState } from "./pull/pull-state.js";
import { feedSettingsOf } from "./pull/settings.js";
import type { TrustedIndex } from "./pull/trust.js";
import { Intake, type IntakeState } from "./intake/intake.js";
import { totalRequests, type Counters } from "./response/counters.js";
import { maxDescriptors } from "./server/connection-limit.js";
import type { Choice } from "./server/engine.js";
import { poolLog } from "./server/pool-log.js";
import { claimPort } from "./server/port-claim.js";
import { responseSettings, workerSettings } from "./server/worker-settings.js";
import { WorkerPool } from "./server/worker-pool.js";
import { Notifier } from "./supervisor/notifier.js";
import { changeText, numbersOf } from "./view/change/comparison.js";
import { changeSince, loadPrevious, type Before } from "./view/change/since-before.js";

/** How much later than its deadline a worker may end before it counts as stuck. */
const GRACE_MS = 2000;

/** Connections to the administration port, and as many to the health port and to that of conversions. */
const MAX_ADMIN_CONNECTIONS = 256;
/** Descriptors for what is opened now and then: the index, files of the log, threads that start. */
const SPARE_DESCRIPTORS = 32;

export interface Started {
  readonly port: number;
  /** undefined where there is a Unix socket in its place. */
  readonly adminPort: number | undefined;
  readonly healthPort: number | undefined;
  /** undefined where no conversions are taken. */
  readonly conversionPort: number | undefined;
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
  readonly #feed: Feed;
  /** undefined where nothing is recorded. */
  readonly #intake: Intake | undefined;
  readonly #reloader = new Reloader(() => this.#reload(this.#feed.disk));
  #served: ServedIndex | undefined;
  #port = 0;
  #isStarted = false;
  #onStarted: () => void = () => undefined;
  readonly #started = new Promise<void>((resolve) => (this.#onStarted = resolve));
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
    this.#feed = new Feed(
      feedSettingsOf(config, readS3Environment()),
      {
        served: () => this.#served,
        reload: (origin) => this.#started.then(() => this.#reloader.run(() => this.#reload(origin))),
      },
      log,
    );
    this.#workers = new WorkerPool(
      choice.workers,
      config.HANG_TIMEOUT,
      poolLog(log, (worker) => void this.#endStuck(worker)),
    );
    this.#intake = Intake.of(config, choice.workers, this.#maxAdminConnections, log);
    this.#notifier = new Notifier(readSupervision(), log, () => this.#workers.hung.length === 0);
    this.#admin = new Admin(
      this,
      {
        allowedHosts: [config.ADMIN_HOST.toLowerCase(), ...config.ADMIN_ALLOWED_HOSTS],
        timeZone: config.TIME_ZONE,
        // Without cookies, visitors of pages remember nothing.
        rotation: config.COOKIES ? config.ROTATION : "independent",
        currency: config.CURRENCY,
        publicUrl: config.PUBLIC_URL,
        response: responseSettings(config),
        indexFile: config.INDEX_FILE,
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

  get port(): number {
    return this.#port;
  }

  get fixedPeriod(): number | undefined {
    return this.#config.PERIOD || undefined;
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

  get turnedAway(): ServerState["turnedAway"] {
    return this.#workers.turnedAway;
  }

  get restarts(): number {
    return this.#workers.restarts;
  }

  get hangs(): number {
    return this.#workers.hangs;
  }

  get recording(): IntakeState | undefined {
    return this.#intake?.state;
  }

  get logLinesDropped(): number {
    return this.#lines.dropped;
  }

  /**
   * Resolves with undefined where the service was ended meanwhile.
   * @param onWaiting called where the first index is awaited, which may take for ever
   * @throws Error whose message is one line
   */
  async start(onWaiting: (admin: Pick<Started, "adminPort">) => void): Promise<Started | undefined> {
    const { HOST, PORT, INDEX_FILE } = this.#config;
    const { engine, workers, warnings } = this.#choice;
    for (const warning of warnings) this.#log.warn({ event: "engine", engine }, warning);
    const port = (this.#port = await claimPort(HOST, PORT));
    const { adminPort, healthPort } = await this.#openAdmin();
    this.#log.info({ event: "start", index: INDEX_FILE, engine, workers, adminPort, healthPort }, "starting");
    const { fixedPeriod: period } = this;
    if (period !== undefined)
      this.#log.warn(
        { event: "fixed-period", period },
        `PERIOD is set, for demonstrations: visitors get period ${period} all the time, whatever the clock says`,
      );
    const first = await this.#feed.first((source) => {
      // The service has started: a supervisor must not end it while the source is away.
      this.#notifier.ready(`waiting for the first index from ${source}`);
      onWaiting({ adminPort });
    });
    if (this.#isEnding) return undefined;
    this.#requirePeriod(first);
    this.#serve(first);
    const conversionPort = await this.#intake?.open(() => this.#served!.index.counts.periods);
    if (!(await this.#startWorkers(port))) return undefined;
    const { index } = first;
    this.#isStarted = true;
    this.#onStarted();
    this.#feed.begin();
    this.#notifier.ready(`serving generation ${index.generation}`);
    if (this.#reloadIsDue) void this.#reloader.request();
    return { port, adminPort, healthPort, conversionPort, index };
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
    const ports = this.#intake === undefined ? 2 : 3;
    const reserve = ports * this.#maxAdminConnections + SPARE_DESCRIPTORS;
    try {
      await this.#workers.start(
        workerSettings(this.#config, this.#choice.engine, port, this.#intake?.part),
        () => this.#served!.index,
        reserve,
      );
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

  get pull(): PullState | undefined {
    return this.#feed.state;
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
    this.#feed.stop();
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
    const isRecorded = (await this.#intake?.close(GRACE_MS)) ?? true;
    if (!left || !isRecorded) {
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

  async #reload(origin: Origin): Promise<ReloadResult> {
    this.#notifier.reloading();
    const before = this.#served!.index;
    const result = await this.#replace(origin, this.#served!);
    this.#notifier.ready(describeReload(result));
    if (result.result === "replaced") await this.#noteChange(() => Promise.resolve(new Catalog(before)));
    this.#freeOldSoon();
    const change = result.result === "replaced" ? numbersOf(this.#served!.change?.comparison) : undefined;
    this.#admin.noteReload(result, change);
    const level = result.result === "refused" ? "error" : "info";
    const text = describeReload(result) + (change === undefined ? "" : `: ${changeText(change)}`);
    this.#log[level]({ event: "reload", ...result, ...(change && { change }) }, text);
    return result;
  }

  /** By itself: beside functions that name the index before, this one would keep it in memory as they do. */
  #freeOldSoon(): void {
    setImmediate(() => freeOld(this.#served!.index.parts));
  }

  async compare(): Promise<void> {
    // In turn with reloads, so that no third index is in memory.
    await this.#reloader.run(async () => {
      if (this.#served === undefined || this.#served.change !== undefined) return;
      await this.#noteChange(() => loadPrevious(previousOf(this.#config.INDEX_FILE), this.#served!.index));
      setImmediate(collectGarbage);
    });
  }

  async #noteChange(load: () => Promise<Before>): Promise<void> {
    const served = this.#served!;
    const change = await changeSince(load, served.index, this.#log, () => this.#isEnding);
    this.#served = { ...served, change };
  }

  async #replace(origin: Origin, served: ServedIndex): Promise<ReloadResult> {
    const previous = served.index.generation;
    try {
      // So that no more is in memory than this one and the next.
      this.#admin.letGo();
      await this.#workers.release();
      await requireFreed(served.index.parts);
      const next = await origin.load(served);
      if (next === undefined) return { result: "unchanged", generation: previous, previous };
      this.#requirePeriod(next);
      const { generation } = next.index;
      await this.#workers.prepare(next.index);
      await origin.settle(served);
      this.#serve(next);
      await this.#workers.swap();
      return { result: "replaced", generation, previous };
    } catch (error) {
      this.#workers.discard();
      if (!(error instanceof LoadIndexError))
        this.#log.error({ event: "error", err: error }, "unexpected error in a reload");
      return { result: "refused", generation: previous, previous, reason: (error as Error).message };
    }
  }

  /** @throws LoadIndexError where the index does not have the period that PERIOD fixes */
  #requirePeriod({ index }: TrustedIndex): void {
    const { fixedPeriod = 1 } = this;
    const { periods } = index.counts;
    if (fixedPeriod > periods)
      throw new LoadIndexError(
        `PERIOD is ${fixedPeriod}, and the index has periods 1 to ${periods}: set one of them, or none`,
      );
  }

  #serve({ index, signature }: TrustedIndex): void {
    this.#served = { index, signature, loadedAt: Date.now(), change: undefined };
    const warning = otherZone(index.timeZone, this.#config.TIME_ZONE);
    if (warning !== undefined) this.#log.warn({ event: "other-zone", timeZone: index.timeZone }, warning);
    this.#admin.cutReaders();
  }
}
