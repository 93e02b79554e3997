/** Serves the administration port by node:http: health, metrics, reload, the index as JSON, the dashboard. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import type { Random } from "../decision/pick.js";
import type { ReloadResult } from "../index/reload.js";
import { UsageError } from "../options/options.js";
import type { ResponseSettings } from "../response/decisions.js";
import { BoundedServer, isByLeaving } from "../private-port/bounded-server.js";
import { isLoopback } from "../private-port/loopback.js";
import { addressOf } from "../server/cannot-listen.js";
import { Access } from "./access.js";
import type { ChangeNumbers } from "../view/change/comparison.js";
import { siteRefusal } from "./guard.js";
import { IndexReaders } from "./index-readers.js";
import { interfaceRoutes, type PageSettings } from "./interface.js";
import { loginRoutes, replyLogin } from "./login.js";
import { Metrics } from "./metrics.js";
import { OpenedIndex } from "./opened-index.js";
import { previewRoutes } from "./previews.js";
import { reportRoutes } from "./report.js";
import { get, reply, replyJson, TEXT, type AdminRequest, type Refusal, type Route, type Routes } from "./route.js";
import type { ServerState } from "./state.js";
import { StatusBoard } from "./status.js";
import { viewRoutes } from "./views.js";

const STATUS_EVERY_MS = 1000;

export interface AdminSettings extends PageSettings {
  /** Those of the public port. */
  readonly response: ResponseSettings;
  readonly indexFile: string;
  /** In lower case; `localhost` and the port's own address are allowed anyway. */
  readonly allowedHosts: readonly string[];
  /** undefined where none is asked for. */
  readonly token: string | undefined;
  readonly maxConnections: number;
}

function healthRoutes(state: ServerState, metrics: Metrics): Routes {
  return {
    "/healthz": get((response) => {
      reply(response, 200, TEXT, "alive\n");
    }, "nothing"),
    "/readyz": get((response) => {
      const { unreadiness } = state;
      reply(response, unreadiness === undefined ? 200 : 503, TEXT, `${unreadiness ?? "ready"}\n`);
    }, "nothing"),
    "/metrics": get(async (response) => {
      reply(response, 200, metrics.contentType, await metrics.text());
    }, "figures"),
  };
}

function routesOf(state: ServerState, status: StatusBoard, readers: IndexReaders): Routes {
  return {
    "/status.json": get((response) => {
      replyJson(response, 200, status.status());
    }),
    "/index.json": get(async (response) => {
      if (state.served === undefined) {
        reply(response, 503, TEXT, "There is no index yet.\n");
        return;
      }
      await readers.send(state.served.index, response);
    }),
    "/reload": {
      method: "POST",
      tells: "secrets",
      handle: async (response, { message }) => {
        // A client that sends its body slowly, or never, must not have reloads done meanwhile.
        await finished(message.resume());
        const result = await state.requestReload();
        if (result === undefined) reply(response, 503, TEXT, "The server is starting or ending.\n");
        else replyJson(response, result.result === "refused" ? 409 : 200, result);
      },
    },
  };
}

function routeAt(routes: ReadonlyMap<string, Route>, path: string): Route | undefined {
  return routes.get(path) ?? routes.get(path.slice(0, path.indexOf("/", 1) + 1));
}

export class Admin {
  readonly #settings: AdminSettings;
  readonly #server: BoundedServer;
  readonly #health: BoundedServer;
  readonly #metrics: Metrics;
  readonly #status: StatusBoard;
  readonly #access: Access;
  readonly #onError: (error: unknown) => void;
  #isLoopback = true;
  /** Resolves when the request that was begun last has had its turn. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #readers = new IndexReaders();
  readonly #opened: OpenedIndex;
  /** Of its routes. */
  readonly paths: readonly string[];

  constructor(
    state: ServerState,
    settings: AdminSettings,
    onError: (error: unknown) => void,
    random: Random = Math.random,
    now: () => number = Date.now,
  ) {
    this.#settings = settings;
    this.#onError = onError;
    this.#metrics = new Metrics(state);
    this.#opened = new OpenedIndex(state);
    this.#status = new StatusBoard(state, settings, now);
    this.#access = new Access(settings.token, settings.allowedHosts, now);
    setInterval(() => {
      this.#status.look();
    }, STATUS_EVERY_MS).unref();
    const health = new Map(Object.entries(healthRoutes(state, this.#metrics)));
    const routes = new Map([
      ...health,
      ...Object.entries({
        ...routesOf(state, this.#status, this.#readers),
        ...viewRoutes(state, this.#opened, settings.rotation, random, this.#readers),
        ...previewRoutes(state, settings.response, random, this.#readers),
        ...reportRoutes(state, settings.indexFile),
        ...interfaceRoutes(state, settings, this.#access),
        ...(settings.token === undefined
          ? {}
          : loginRoutes(this.#access, (refusal) => {
              this.#metrics.countRefusal(refusal);
            })),
      }),
    ]);
    this.paths = [...routes.keys()];
    this.#health = new BoundedServer((message, response) => {
      this.#respond(health, message, response, () => undefined);
    }, settings.maxConnections);
    this.#server = new BoundedServer((message, response) => {
      this.#respond(routes, message, response, (route) => this.#refusal(message, route));
    }, settings.maxConnections);
  }

  /** To be called before an index is loaded: what the dashboard is shown may take half as much as the index. */
  letGo(): void {
    this.#opened.letGo();
  }

  /** To be called when another index is served. */
  cutReaders(): void {
    this.#readers.cut();
    this.#opened.letGo();
  }

  noteReload(result: ReloadResult, change?: ChangeNumbers): void {
    this.#metrics.countReload(result);
    this.#status.noteReload(result, change);
  }

  /** Returns the port's number. @throws CannotListenError, or UsageError if other machines reach it without a token */
  async listen(host: string, port: number): Promise<number> {
    const address = await addressOf(host, port, "ADMIN_");
    this.#isLoopback = isLoopback(address);
    if (!this.#isLoopback && this.#settings.token === undefined)
      throw new UsageError(
        `ADMIN_HOST: ${host} is reached by other machines, and no token is set: set ADMIN_TOKEN_FILE or ADMIN_TOKEN, ` +
          "or listen on 127.0.0.1; probes and Prometheus need HEALTH_PORT only",
      );
    return this.#server.listen(host, port, "ADMIN_");
  }

  async listenOnSocket(path: string): Promise<void> {
    await this.#server.listenOnSocket(path);
  }

  async listenForHealth(host: string, port: number): Promise<number> {
    return this.#health.listen(host, port, "HEALTH_");
  }

  close(): void {
    this.#server.close();
    this.#health.close();
  }

  #refusal(message: IncomingMessage, route: Route | undefined): Refusal | undefined {
    const address = message.socket.localAddress ?? "";
    return (
      siteRefusal(message.headers, address, this.#settings.allowedHosts, route) ??
      (route && this.#access.refusal(message, route.tells, this.#isLoopback))
    );
  }

  #respond(
    routes: ReadonlyMap<string, Route>,
    message: IncomingMessage,
    response: ServerResponse,
    refusalOf: (route: Route | undefined) => Refusal | undefined,
  ): void {
    const [path = "", ...words] = message.url!.split("?");
    const query = new URLSearchParams(words.join("?"));
    const found = routeAt(routes, path);
    const { method } = message;
    const isMethod = found?.method === (method === "HEAD" ? "GET" : method);
    // Where nothing would be done, no token is asked for.
    const refusal = refusalOf(isMethod ? found : undefined);
    if (refusal !== undefined) {
      this.#metrics.countRefusal(refusal);
      if (refusal.status !== 403 && message.headers.accept?.includes("text/html") === true)
        replyLogin(response, refusal, path === "/" ? query : new URLSearchParams());
      else reply(response, refusal.status, TEXT, `${refusal.text}\n`, refusal.headers);
    } else if (found === undefined) reply(response, 404, TEXT, "Not found.\n");
    else if (!isMethod) {
      const allowed = found.method === "GET" ? "GET, HEAD" : found.method;
      reply(response, 405, TEXT, `${method!} is not allowed at this address.\n`, { Allow: allowed });
    } else void this.#handle(found, response, { message, path, query });
  }

  async #handle(route: Route, response: ServerResponse, request: AdminRequest): Promise<void> {
    try {
      // One request a turn of the event loop, so that health is told in between, however many are asked.
      if (route.tells !== "nothing") await (this.#turn = this.#turn.then(() => setImmediate()));
      if (!request.message.socket.destroyed) await route.handle(response, request);
    } catch (error) {
      response.destroy();
      if (!isByLeaving(error)) this.#onError(error);
    }
  }
}
