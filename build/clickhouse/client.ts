/** Sends statements to a ClickHouse server over HTTP, and streams what it responds. */
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { DataError } from "../read/data-error.js";
import type { Address } from "./address.js";
import { SETTINGS } from "./settings.js";

export interface Server {
  readonly address: Address;
  /** "" for none. */
  readonly password: string;
  /** Beside those that every release has. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
/** Of what describes an error, and of results that are small. */
const MAX_TEXT_LENGTH = 1 << 20;

/** Each chunk as it comes. @throws DataError where the server is away, refuses, or breaks off; the signal's reason */
export async function* ask(server: Server, statement: string, queryId?: string): AsyncGenerator<Buffer> {
  const response = await responseTo(server, statement, queryId);
  if (response.statusCode !== 200) throw statusError(server.address, response, await bodyOf(response));
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch (error) {
    server.signal.throwIfAborted();
    throw new DataError(`${server.address.text}: broke off its response (${(error as Error).message}): start again`, {
      cause: error,
    });
  }
}

/** The rows of a small result, split at tabs. */
export async function rowsOf(server: Server, statement: string, queryId?: string): Promise<string[][]> {
  let text = "";
  for await (const chunk of ask(server, statement, queryId)) {
    text += chunk.toString("utf8");
    if (text.length > MAX_TEXT_LENGTH)
      throw new DataError(`${server.address.text}: responds with more than was asked for`);
  }
  requireNoException(server.address, text);
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new DataError(`${server.address.text}: its response is cut: start again`);
  return lines.map((line) => line.split("\t"));
}

/** ClickHouse says 200 before all is counted. What it says later stands in the body. @throws DataError */
export function requireNoException(address: Address, text: string): void {
  if (/Code: \d+[.,].*DB::Exception/s.test(text)) throw new DataError(`${address.text}: ${explained(text)}`);
}

async function responseTo(
  { address, password, settings, signal }: Server,
  statement: string,
  queryId?: string,
): Promise<IncomingMessage> {
  const { isSecure, host, port, user, database } = address;
  const parameters = new URLSearchParams({
    database,
    ...SETTINGS,
    ...settings,
    ...(queryId !== undefined && { query_id: queryId }),
  });
  const options: RequestOptions = {
    host,
    port,
    signal,
    agent: false,
    method: "POST",
    path: `/?${parameters.toString()}`,
    auth: `${user}:${password}`,
    headers: { "Content-Length": Buffer.byteLength(statement), "Content-Type": "text/plain" },
  };
  // Not at the start: a build from files needs neither.
  const { request } = isSecure ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request(options, resolve);
    sent.on("error", (error: NodeJS.ErrnoException) => {
      reject(signal.aborted ? (signal.reason as Error) : connectionError(address, error));
    });
    watchConnection(sent, address);
    sent.end(statement);
  });
}

/** A statement may take hours without a byte; only that the other side is gone is noticed, by the kernel. */
function watchConnection(sent: ClientRequest, { isSecure }: Address): void {
  sent.on("socket", (socket) => {
    const timer = setTimeout(() => {
      const error = Object.assign(new Error(`no connection in ${CONNECT_TIMEOUT_MS / 1000} s`), { code: "ETIMEDOUT" });
      sent.destroy(error);
    }, CONNECT_TIMEOUT_MS);
    socket.once(isSecure ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
    });
    socket.once("close", () => {
      clearTimeout(timer);
    });
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response) if (text.length < MAX_TEXT_LENGTH) text += (chunk as Buffer).toString("utf8");
  return text;
}

function connectionError({ text }: Address, error: NodeJS.ErrnoException): DataError {
  // OpenSSL's ends with a line break.
  const [message] = (error.message === "" ? (error.code ?? "unknown error") : error.message).split("\n", 1);
  const isCertificate = /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/.test(error.code ?? "");
  const remedy = isCertificate
    ? "name the file of the authority that signed its certificate in NODE_EXTRA_CA_CERTS"
    : "see that it runs, and that its HTTP port is reached from here";
  return new DataError(`${text}: is out of reach (${message}): ${remedy}`, { cause: error });
}

function statusError({ text: address }: Address, { statusCode = 0 }: IncomingMessage, body: string): DataError {
  const isException = /DB::Exception/.test(body);
  return new DataError(
    isException
      ? `${address}: ${explained(body)}`
      : `${address}: responds with status ${statusCode}: see that this is the HTTP port of ClickHouse`,
  );
}

/** By the number of an exception: what to do. */
const REMEDIES: Readonly<Record<string, string>> = {
  32: "a shard broke off: build again once all are there",
  60: "deploy/clickhouse/schema.sql makes the tables",
  81: "name the database at the end of --clickhouse",
  115: "ClickHouse is older than 18.16",
  159: "give the user a longer max_execution_time",
  164: "give the user readonly = 2, which lets settings be changed",
  170: "--cluster names a cluster of system.clusters",
  192: "name the user in --clickhouse",
  193: "set CLICKHOUSE_PASSWORD or CLICKHOUSE_PASSWORD_FILE to the user's",
  194: "set CLICKHOUSE_PASSWORD or CLICKHOUSE_PASSWORD_FILE to the user's",
  209: "a shard does not respond: build again once all are there",
  210: "a shard is out of reach: build again once all are there",
  241: "give the user more max_memory_usage, or a max_bytes_before_external_group_by",
  279: "a shard is out of reach: build again once all are there",
  497: "docs/warehouse.md says what the user must be granted",
  516: "set CLICKHOUSE_PASSWORD or CLICKHOUSE_PASSWORD_FILE to the user's",
  701: "--cluster names a cluster of system.clusters",
};

const MAX_MESSAGE_LENGTH = 400;

/** In one line: releases put the message between other words. */
function explained(text: string): string {
  const [, code = "0", rest = ""] = /Code: (\d+)[.,]\s*(.*)/s.exec(text) ?? [];
  const [message = ""] = rest
    .replace(/^e\.displayText\(\) = /, "")
    .replace(/^DB::Exception: /, "")
    .split(/, e\.what\(\) = |, Stack trace|\. Stack trace|\s*\(version |\n/, 1);
  const short = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)} …` : message;
  const remedy = REMEDIES[code];
  return `ClickHouse says: ${short.trim()} (code ${code})${remedy === undefined ? "" : `: ${remedy}`}`;
}
