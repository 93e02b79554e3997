/** Serves the conversions' port by node:http: what advertisers' servers send is recorded before it is confirmed. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { UsageError } from "../options/options.js";
import { BoundedServer, isByLeaving, TIMEOUTS } from "../private-port/bounded-server.js";
import { isLoopback } from "../private-port/loopback.js";
import { replyJson } from "../private-port/reply.js";
import { bearerTokenIn, CHALLENGE, tokenTest } from "../private-port/token.js";
import { addressOf } from "../server/cannot-listen.js";
import { conversionRequest, MAX_BODY, readConversions, type ConversionRequest } from "./conversion-request.js";
import { MalformedConversionError, type ConversionRow } from "./conversion-rows.js";
import { RecordingUnavailableError } from "../recording/unavailable.js";

const PATH = "/conversions";

/** Bodies that are read or wait to be recorded: they are in memory meanwhile. */
const MAX_HELD_BYTES = 32 * MAX_BODY;
/** Of a body that is refused. */
const MAX_PASSED_OVER = 8 * MAX_BODY;
const RETRY = { "Retry-After": "5" };

const MISSING_TOKEN = "expected the token of this port, as Authorization: Bearer TOKEN";
const WRONG_TOKEN = "that is not the token of this port";

export interface ConversionsServerOptions {
  readonly maxConnections: number;
  /** Of an error that is not the client's. */
  readonly onError: (error: unknown) => void;
  readonly timeouts?: typeof TIMEOUTS;
}

interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ConversionsServer {
  readonly #record: (rows: readonly ConversionRow[]) => Promise<void>;
  readonly #isToken: ((sent: string) => boolean) | undefined;
  readonly #onError: (error: unknown) => void;
  readonly #server: BoundedServer;
  readonly #replies = new Map<number, number>();
  #heldBytes = 0;

  /** `record` resolves when the rows are durable, and rejects with RecordingUnavailableError where they cannot be. */
  constructor(
    record: (rows: readonly ConversionRow[]) => Promise<void>,
    token: string | undefined,
    { maxConnections, onError, timeouts = TIMEOUTS }: ConversionsServerOptions,
  ) {
    this.#record = record;
    this.#isToken = token === undefined ? undefined : tokenTest(token);
    this.#onError = onError;
    this.#server = new BoundedServer(
      (message, response) => void this.#handle(message, response),
      maxConnections,
      timeouts,
    );
  }

  /** How many there were of each status. */
  get replies(): ReadonlyMap<number, number> {
    return this.#replies;
  }

  /** Returns the port's number. @throws CannotListenError, or UsageError if other machines reach it without a token */
  async listen(host: string, port: number): Promise<number> {
    const address = await addressOf(host, port, "CONVERSION_");
    if (this.#isToken === undefined && !isLoopback(address)) throw new UsageError(withoutToken(host));
    return this.#server.listen(host, port, "CONVERSION_");
  }

  close(): void {
    this.#server.close();
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = this.#refusal(message) ?? conversionRequest(message);
      if ("status" in request) this.#refuse(message, response, request);
      else if (this.#heldBytes + request.length > MAX_HELD_BYTES)
        this.#refuse(message, response, {
          status: 503,
          reason: "too many conversions wait to be recorded",
          headers: RETRY,
        });
      else await this.#recordIn(message, response, request);
    } catch (error) {
      if (isByLeaving(error)) response.destroy();
      else this.#fail(response, error);
    }
  }

  #refusal(message: IncomingMessage): Refusal | undefined {
    const { method, headers } = message;
    if (message.url!.split("?", 1)[0] !== PATH) return { status: 404, reason: `expected ${PATH}` };
    if (method !== "POST") return { status: 405, reason: "expected POST", headers: { Allow: "POST" } };
    // Else any site's page could send some to the port of the machine that its visitor sits at.
    if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined)
      return { status: 403, reason: "a page in a browser sends this, expected a server" };
    // After however many wrong ones, the right one is let in: behind a proxy, all who send have one address.
    const sent = bearerTokenIn(message);
    if (this.#isToken?.(sent ?? "") !== false) return undefined;
    return { status: 401, reason: sent === undefined ? MISSING_TOKEN : WRONG_TOKEN, headers: CHALLENGE };
  }

  async #recordIn(message: IncomingMessage, response: ServerResponse, request: ConversionRequest): Promise<void> {
    this.#heldBytes += request.length;
    try {
      const rows = await readConversions(message, request);
      await this.#record(rows);
      this.#reply(response, 202, { recorded: rows.length });
    } finally {
      this.#heldBytes -= request.length;
    }
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (error instanceof MalformedConversionError) {
      const { message, row, field } = error;
      this.#reply(response, 400, { error: message, row, field });
    } else if (error instanceof RecordingUnavailableError) this.#reply(response, 503, { error: error.message }, RETRY);
    else {
      this.#reply(response, 500, { error: "unexpected error" });
      this.#onError(error);
    }
  }

  #refuse(message: IncomingMessage, response: ServerResponse, { status, reason, headers }: Refusal): void {
    passOver(message);
    this.#reply(response, status, { error: reason }, headers);
  }

  #reply(response: ServerResponse, status: number, body: object, headers?: Readonly<Record<string, string>>): void {
    this.#replies.set(status, (this.#replies.get(status) ?? 0) + 1);
    replyJson(response, status, body, headers);
  }
}

const withoutToken = (host: string): string =>
  `CONVERSION_HOST: ${host} is reached by other machines, and no token is set: set CONVERSION_TOKEN_FILE or ` +
  "CONVERSION_TOKEN, or listen on 127.0.0.1";

/** A client that is cut while it sends may never see the response. */
function passOver(message: IncomingMessage): void {
  let bytes = 0;
  message.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_PASSED_OVER) message.socket.destroy();
  });
}
