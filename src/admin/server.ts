/** The administration port: health, metrics, reload, what is in the index, and the dashboard. It serves no visitor, so node:http does. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { refusalOf } from "./guard.js";
import { get, JSON_TYPE, reply, replyJson, TEXT, type Route, type Routes } from "./route.js";
import { Catalog } from "../index/catalog.js";
import type { Random } from "../decision/pick.js";
import { Dashboard } from "./dashboard/dashboard.js";
import { dashboardRoutes } from "./dashboard/routes.js";
import type { Index } from "../index/format.js";
import { inspectionJson } from "../index/inspect.js";
import { CannotListenError } from "../server/port-claim.js";
import type { Verdict } from "../index/reload.js";
import type { Status } from "./status.js";

/** Asked at each request. */
export interface Administered {
  /** Why visitors cannot be served, or undefined. */
  unreadiness(): string | undefined;
  /** undefined before the first. */
  index(): Index | undefined;
  /** undefined where no reload is possible now. */
  reload(): Promise<Verdict> | undefined;
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  status(): Status;
}

const STARTING_OR_ENDING = "The server is starting or ending.\n";

function routesOf(administered: Administered): Routes {
  return {
    "/healthz": get((response) => {
      reply(response, 200, TEXT, "alive\n");
    }),
    "/readyz": get((response) => {
      const unreadiness = administered.unreadiness();
      reply(response, unreadiness === undefined ? 200 : 503, TEXT, `${unreadiness ?? "ready"}\n`);
    }),
    "/metrics": get(async (response) => {
      const { type, text } = await administered.metrics();
      reply(response, 200, type, text);
    }),
    "/status.json": get((response) => {
      replyJson(response, 200, administered.status());
    }),
    "/index.json": get(async (response) => {
      const index = administered.index();
      if (index === undefined) {
        reply(response, 503, TEXT, "There is no index yet.\n");
        return;
      }
      response.writeHead(200, { "Content-Type": JSON_TYPE, "Cache-Control": "no-store" });
      // In pieces, as fast as they are taken: this may be larger than the index.
      await pipeline(Readable.from(inspectionJson(new Catalog(index))), response);
    }),
    "/reload": {
      method: "POST",
      handle: async (response, { request, query }) => {
        const verdict = await administered.reload();
        if (verdict === undefined) reply(response, 503, TEXT, STARTING_OR_ENDING);
        // The button of the dashboard, with or without its script: back to the page, which shows the verdict.
        else if (request.headers.accept?.includes("text/html") === true)
          reply(response, 303, TEXT, "", { Location: `/?${query.toString()}` });
        else replyJson(response, verdict.result === "refused" ? 409 : 200, verdict);
      },
    },
  };
}

/** A route that ends with a slash has all that is directly below it. */
function routeAt(routes: ReadonlyMap<string, Route>, path: string): Route | undefined {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return routes.get(path) ?? (folder === "/" ? undefined : routes.get(folder));
}

/** What a request is answered with that reaches no route. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  route: Route | undefined,
  refusal: string | undefined,
): void {
  if (refusal !== undefined) reply(response, 403, TEXT, `${refusal}\n`);
  else if (route === undefined) reply(response, 404, TEXT, "Not found.\n");
  else {
    response.setHeader("Allow", route.method === "GET" ? "GET, HEAD" : route.method);
    reply(response, 405, TEXT, `${request.method!} is not what this address is for.\n`);
  }
}

export class Admin {
  readonly #server: Server;

  /** @param allowedHosts names that it may be asked by, beside localhost and its address; in lower case */
  constructor(
    administered: Administered,
    allowedHosts: readonly string[],
    onFault: (error: unknown) => void,
    random: Random = Math.random,
  ) {
    const routes = new Map(
      Object.entries({ ...routesOf(administered), ...dashboardRoutes(new Dashboard(administered, random)) }),
    );
    this.#server = createServer((request, response) => {
      const [path = "", ...query] = request.url!.split("?");
      const route = routeAt(routes, path);
      const method = request.method === "HEAD" ? "GET" : request.method;
      const refusal = refusalOf(request.headers, request.socket.localAddress ?? "", allowedHosts);
      if (refusal !== undefined || route === undefined || route.method !== method) {
        refuse(request, response, route, refusal);
        return;
      }
      // In a function of its own, so that what is thrown at once is caught, too.
      const handling = (async (): Promise<void> =>
        route.handle(response, { request, path, query: new URLSearchParams(query.join("?")) }))();
      handling.catch((error: unknown) => {
        response.destroy();
        // A client that leaves midway is no fault of ours.
        if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") onFault(error);
      });
    });
  }

  /**
   * Opens the port and answers with its number.
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
