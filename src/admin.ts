/** The administration port: health, metrics, reload, and what is in the index. It serves no visitor, so node:http does. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { refusalOf } from "./admin-guard.js";
import type { Index } from "./index-format.js";
import { Catalog } from "./catalog.js";
import { inspectionJson } from "./inspect.js";
import { CannotListenError } from "./port-claim.js";
import type { Verdict } from "./reload.js";

/** Asked at each request. */
export interface Administered {
  /** Why visitors cannot be served, or undefined. */
  unreadiness(): string | undefined;
  /** undefined before the first. */
  index(): Index | undefined;
  /** undefined where no reload is possible now. */
  reload(): Promise<Verdict> | undefined;
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
}

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

type Handler = (response: ServerResponse) => void | Promise<void>;
interface Route {
  readonly method: "GET" | "POST";
  readonly handle: Handler;
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  // To HEAD, node:http sends no body.
  response.end(body);
}

function routesOf(administered: Administered): Readonly<Record<string, Route>> {
  const get = (handle: Handler): Route => ({ method: "GET", handle });
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
      handle: async (response) => {
        const verdict = await administered.reload();
        if (verdict === undefined) reply(response, 503, TEXT, "The server is starting or ending.\n");
        else reply(response, verdict.result === "refused" ? 409 : 200, JSON_TYPE, `${JSON.stringify(verdict)}\n`);
      },
    },
  };
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
  constructor(administered: Administered, allowedHosts: readonly string[], onFault: (error: unknown) => void) {
    const routes = routesOf(administered);
    this.#server = createServer((request, response) => {
      const path = request.url!.split("?", 1)[0]!;
      const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
      const method = request.method === "HEAD" ? "GET" : request.method;
      const refusal = refusalOf(request.headers, request.socket.localAddress ?? "", allowedHosts);
      if (refusal !== undefined || route === undefined || route.method !== method) {
        refuse(request, response, route, refusal);
        return;
      }
      // In a function of its own, so that what is thrown at once is caught, too.
      const handling = (async (): Promise<void> => route.handle(response))();
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
