/** Serves the administration port by node:http: health, metrics, reload, the index as JSON, the dashboard. */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Random } from "../decision/pick.js";
import type { ReloadResult } from "../index/reload.js";
import { CannotListenError } from "../server/port-claim.js";
import { Dashboard } from "./dashboard/dashboard.js";
import { dashboardRoutes } from "./dashboard/routes.js";
import { refusalOf } from "./guard.js";
import { IndexReaders } from "./index-readers.js";
import { Metrics } from "./metrics.js";
import { get, reply, replyJson, TEXT, type AdminRequest, type Route, type Routes } from "./route.js";
import type { ServerState } from "./state.js";
import { StatusBoard, type StatusSettings } from "./status.js";

const STATUS_EVERY_MS = 1000;

export interface AdminSettings extends StatusSettings {
  /** Names that it may be asked by, beside localhost and its address; in lower case. */
  readonly allowedHosts: readonly string[];
}

function routesOf(state: ServerState, metrics: Metrics, status: StatusBoard, readers: IndexReaders): Routes {
  return {
    "/healthz": get((response) => {
      reply(response, 200, TEXT, "alive\n");
    }),
    "/readyz": get((response) => {
      const { unreadiness } = state;
      reply(response, unreadiness === undefined ? 200 : 503, TEXT, `${unreadiness ?? "ready"}\n`);
    }),
    "/metrics": get(async (response) => {
      reply(response, 200, metrics.contentType, await metrics.text());
    }),
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
      handle: async (response, { message, query }) => {
        const result = await state.requestReload();
        if (result === undefined) reply(response, 503, TEXT, "The server is starting or ending.\n");
        // The dashboard's button, with or without its script: back to the page, which shows the result.
        else if (message.headers.accept?.includes("text/html") === true)
          reply(response, 303, TEXT, "", { Location: `/?${query.toString()}` });
        else replyJson(response, result.result === "refused" ? 409 : 200, result);
      },
    },
  };
}

async function handle(
  route: Route,
  response: ServerResponse,
  request: AdminRequest,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await route.handle(response, request);
  } catch (error) {
    response.destroy();
    // A client that leaves midway is no error of ours.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") onError(error);
  }
}

function routeAt(routes: ReadonlyMap<string, Route>, path: string): Route | undefined {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return routes.get(path) ?? (folder === "/" ? undefined : routes.get(folder));
}

export class Admin {
  readonly #server: Server;
  readonly #metrics: Metrics;
  readonly #status: StatusBoard;
  readonly #readers = new IndexReaders();

  /** @param now milliseconds since 1970 */
  constructor(
    state: ServerState,
    { allowedHosts, ...settings }: AdminSettings,
    onError: (error: unknown) => void,
    random: Random = Math.random,
    now: () => number = Date.now,
  ) {
    this.#metrics = new Metrics(state);
    this.#status = new StatusBoard(state, settings, now);
    setInterval(() => {
      this.#status.look();
    }, STATUS_EVERY_MS).unref();
    const routes = new Map(
      Object.entries({
        ...routesOf(state, this.#metrics, this.#status, this.#readers),
        ...dashboardRoutes(new Dashboard(state, this.#status, random)),
      }),
    );
    this.#server = createServer((message, response) => {
      const [path = "", ...query] = message.url!.split("?");
      const route = routeAt(routes, path);
      const { method } = message;
      const refusal = refusalOf(message.headers, message.socket.localAddress ?? "", allowedHosts);
      if (refusal !== undefined) reply(response, 403, TEXT, `${refusal}\n`);
      else if (route === undefined) reply(response, 404, TEXT, "Not found.\n");
      else if (route.method !== (method === "HEAD" ? "GET" : method)) {
        const allowed = route.method === "GET" ? "GET, HEAD" : route.method;
        reply(response, 405, TEXT, `${method!} is not allowed at this address.\n`, { Allow: allowed });
      } else {
        const request = { message, path, query: new URLSearchParams(query.join("?")) };
        void handle(route, response, request, onError);
      }
    });
  }

  /** Cuts those who read an index that is not served any more. */
  cutReaders(): void {
    this.#readers.cut();
  }

  noteReload(result: ReloadResult): void {
    this.#metrics.countReload(result);
    this.#status.noteReload(result);
  }

  /**
   * Opens the port and returns its number.
   * @throws CannotListenError
   */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen({ host, port, exclusive: true });
    try {
      await once(this.#server, "listening");
    } catch (error) {
      throw new CannotListenError(host, port, "ADMIN_HOST and ADMIN_PORT", { cause: error });
    }
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection and frees the port. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
