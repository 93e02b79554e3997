/** An HTTP server that responds as ClickHouse does to the statements of a build, but for what a test has it do. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

const COLUMNS = [
  ["impressions", "timestamp", "Int64"],
  ["impressions", "campaign_id", "UInt32"],
  ["impressions", "banner_id", "UInt32"],
  ["clicks", "timestamp", "Int64"],
  ["clicks", "click_id", "String"],
  ["clicks", "campaign_id", "UInt32"],
  ["clicks", "banner_id", "UInt32"],
  ["conversions", "timestamp", "Int64"],
  ["conversions", "conversion_id", "String"],
  ["conversions", "click_id", "String"],
  ["conversions", "revenue", "Decimal(18, 6)"],
];

export const ROWS = "1\t7\t100\t5\t2\t1\t1.5\t1\n2\t7\t101\t4\t0\t0\t0\t1\n";
export const TOTALS = "\n0\t0\t0\t9\t2\t1\t1.5\t2\n";

/** By what a statement has in it: what is sent for it. */
const RESPONSES: readonly (readonly [part: string, body: string])[] = [
  ["system.columns", COLUMNS.map((column) => `${column.join("\t")}\n`).join("")],
  ["system.settings", "limit\n"],
  ["system.tables", ""],
  ["now()", "1796000000\n"],
  ["first_moment", "1795900000000\t1795900000000\t2\n"],
  [
    "rows_read",
    "clicks\t2\t0\t0\t2\t0\t0\t0\t0\t0\nconversions\t1\t0\t0\t1\t0\t0\t0\t0\t1.5\nimpressions\t2\t0\t0\t2\t0\t0\t0\t9\t0\n",
  ],
  ["WITH TOTALS", ROWS + TOTALS],
];

export type Respond = (response: ServerResponse, statement: string, request: IncomingMessage) => void;

export class FeignedClickHouse {
  /** In their order. */
  readonly statements: string[] = [];
  readonly requests: IncomingMessage[] = [];

  private constructor(
    readonly server: Server,
    readonly scheme: string,
  ) {}

  /** @param overrides by a part of the statement, in place of what ClickHouse would send */
  static async start(
    overrides: Readonly<Record<string, Respond | string>> = {},
    tls?: { readonly cert: string; readonly key: string },
  ): Promise<FeignedClickHouse> {
    const listener: RequestListener = (request, response) => {
      void feigned.#respond(request, response, overrides);
    };
    const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
    const feigned = new FeignedClickHouse(server, tls === undefined ? "http" : "https");
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return feigned;
  }

  get address(): string {
    return `${this.scheme}://shop@localhost:${(this.server.address() as AddressInfo).port}/shop`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  async #respond(
    request: IncomingMessage,
    response: ServerResponse,
    overrides: Readonly<Record<string, Respond | string>>,
  ): Promise<void> {
    let statement = "";
    for await (const chunk of request) statement += (chunk as Buffer).toString("utf8");
    this.statements.push(statement);
    this.requests.push(request);
    const [, respond] = [...Object.entries(overrides), ...RESPONSES].find(([part]) => statement.includes(part)) ?? [];
    if (respond === undefined) response.writeHead(404).end();
    else if (typeof respond === "string") response.end(respond);
    else respond(response, statement, request);
  }
}
