/** Puts bytes at an address by one PUT, in pieces, and says in one line what went wrong. */
import { once } from "node:events";
import { shownAddress } from "./address.js";
import { request as requestByHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestByHttps } from "node:https";

export interface Content {
  readonly type: string;
  readonly length: number;
  /** A piece may be overwritten once the next is asked for. */
  readonly pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** From here on the server is asked first whether it takes the content, which it may refuse by the header block. */
const MIN_ASKED_LENGTH = 2 ** 16;
/** Some servers do not know the question (RFC 9110, section 10.1.1): then the content is sent all the same. */
const MAX_WAIT_FOR_CONTINUE_MS = 1000;
/** Enough for what an object store says of an error. */
const MAX_ERROR_BYTES = 4096;

/** Resolves when the server has all of it. @throws Error of one line, without the address */
export async function put(
  { url, headers }: Pick<Request, "url" | "headers">,
  { type, length, pieces }: Content,
  timeoutMs: number,
): Promise<void> {
  const request = url.startsWith("https:") ? requestByHttps : requestByHttp;
  const isAsked = length >= MIN_ASKED_LENGTH;
  const sent = request(url, {
    method: "PUT",
    agent: false,
    timeout: timeoutMs,
    headers: {
      ...Object.fromEntries(headers),
      "Content-Type": type,
      "Content-Length": length,
      ...(isAsked ? { Expect: "100-continue" } : {}),
    },
  });
  sent.on("timeout", () => {
    sent.destroy(new Error(`nothing moved for ${timeoutMs / 1000} s`));
  });
  const upload = new Upload(sent, length);
  try {
    const responded = once(sent, "response") as Promise<[IncomingMessage]>;
    // Until it is awaited below, a failure must not count as unhandled.
    responded.catch(() => undefined);
    if (isAsked) await upload.untilContinue();
    await upload.send(pieces);
    const [response] = await responded;
    await requireSuccess(response, upload);
  } catch (error) {
    throw new Error(upload.explain(error as NodeJS.ErrnoException), { cause: error });
  } finally {
    sent.destroy();
  }
}

class Upload {
  readonly #request: ClientRequest;
  readonly #length: number;
  /** Resolves when there is nothing to go on sending for. */
  readonly #over: Promise<void>;
  #isOver = false;
  #sent = 0;

  constructor(request: ClientRequest, length: number) {
    this.#request = request;
    this.#length = length;
    this.#over = new Promise((resolve) => {
      const end = (): void => {
        this.#isOver = true;
        resolve();
      };
      request.once("response", end);
      // Whoever awaits the response gets the error; a later one, of a connection that is cut, tells nothing more.
      request.on("error", end);
    });
  }

  get isWhole(): boolean {
    return this.#sent === this.#length;
  }

  async untilContinue(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      this.#request.once("continue", resolve);
      this.#request.once("socket", (socket) =>
        socket.once("connect", () => {
          timer = setTimeout(resolve, MAX_WAIT_FOR_CONTINUE_MS);
        }),
      );
    });
    this.#request.flushHeaders();
    await Promise.race([waited, this.#over]);
    clearTimeout(timer);
  }

  /** Stops early where a response or an error comes first. */
  async send(pieces: Content["pieces"]): Promise<void> {
    for await (const piece of pieces) {
      if (!this.#isOver) await Promise.race([this.#write(piece), this.#over]);
      if (this.#isOver) return;
    }
    this.#request.end();
  }

  /** Resolves when the system has the piece, which may be overwritten then. */
  #write(piece: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#request.write(piece, (error) => {
        if (!error) this.#sent += piece.length;
        resolve();
      });
    });
  }

  explain({ code, message }: NodeJS.ErrnoException): string {
    const isClosed = code === "ECONNRESET" || code === "EPIPE";
    if (!isClosed) return code === "ECONNREFUSED" ? "no server answers there" : message || String(code);
    const progress = this.isWhole ? "all of it was sent" : `${this.#sent} of ${this.#length} bytes were sent`;
    return `the server closed the connection when ${progress}, without a response`;
  }
}

async function requireSuccess(response: IncomingMessage, upload: Upload): Promise<void> {
  const { statusCode = 0, statusMessage = "", headers } = response;
  const isSuccess = statusCode >= 200 && statusCode < 300;
  if (isSuccess && upload.isWhole) {
    response.resume();
    return;
  }
  const said = isSuccess ? "before it had all" : reasonIn(await startOf(response));
  const status = `${statusCode} ${statusMessage}`.trim();
  throw new Error(`the server answered ${status}${said && ` ${said}`}: ${remedyFor(statusCode, headers)}`);
}

async function startOf(response: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const piece of response.setEncoding("utf8")) {
      text += piece as string;
      if (text.length > MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status is there, and says enough.
  }
  return text.slice(0, MAX_ERROR_BYTES);
}

/** The code by which object stores name an error. */
function reasonIn(text: string): string {
  const code = /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1];
  return code === undefined ? "" : `(${code})`;
}

/** Without its query, which is a secret where it is presigned. */
function targetIn({ location = "" }: IncomingMessage["headers"]): string {
  return URL.canParse(location) ? shownAddress(new URL(location)) : "which it keeps";
}

function remedyFor(status: number, headers: IncomingMessage["headers"]): string {
  if (status >= 300 && status < 400) return `name the address that it leads to, ${targetIn(headers)}`;
  if (status === 401 || status === 403) return "have it accept this token or key there";
  if (status === 404 || status === 409) return "make the folder or bucket first";
  if (status === 405 || status === 501) return "have it take a PUT there";
  if (status === 413) return "raise the limit of what it takes";
  return status >= 500 ? "try again, or look into its log" : "look into its log";
}
