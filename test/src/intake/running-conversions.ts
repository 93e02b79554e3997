/** The conversions' port of this process, with whatever records behind it. */
import { once } from "node:events";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Test } from "tap";
import type { ConversionRow } from "../../../src/intake/conversion-rows.js";
import { ConversionsServer, type ConversionsServerOptions } from "../../../src/intake/conversions-server.js";

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** As JSON; empty where there is no text. */
  readonly body: Readonly<Record<string, unknown>>;
}

type Send = (
  method: string,
  path: string,
  headers?: Record<string, string>,
  body?: string | Buffer,
) => Promise<Answered>;

export interface RunningConversions {
  readonly server: ConversionsServer;
  readonly port: number;
  readonly post: (body: string | Buffer, headers?: Record<string, string>, path?: string) => Promise<Answered>;
  readonly send: Send;
  /** What was recorded, a list a call. */
  readonly recorded: (readonly ConversionRow[])[];
  readonly errors: unknown[];
}

export interface ConversionsSetting extends Partial<Omit<ConversionsServerOptions, "onError">> {
  readonly token?: string;
  /** Called before anything is recorded. */
  readonly record?: () => Promise<void>;
}

export const JSON_HEADERS = { "Content-Type": "application/json" };

/** Until the test ends. */
export async function startConversions(
  t: Pick<Test, "teardown">,
  { token, record = () => Promise.resolve(), maxConnections = 100, ...options }: ConversionsSetting = {},
): Promise<RunningConversions> {
  const recorded: (readonly ConversionRow[])[] = [];
  const errors: unknown[] = [];
  const server = new ConversionsServer(
    async (rows) => {
      await record();
      recorded.push(rows);
    },
    token,
    { maxConnections, onError: (error) => errors.push(error), ...options },
  );
  const port = await server.listen("127.0.0.1", 0);
  t.teardown(() => {
    server.close();
  });
  const send: Send = async (method, path, headers = {}, body) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }).end(body);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return {
      status: response.statusCode!,
      headers: response.headers,
      text,
      body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  return {
    server,
    port,
    post: (body, headers = JSON_HEADERS, path = "/conversions") =>
      send("POST", path, { ...headers, "Content-Length": String(Buffer.byteLength(body)) }, body),
    send,
    recorded,
    errors,
  };
}
