/** Reads the HTTP/1.1 responses that come on one connection, one at a time. */

const HEADERS_END = "\r\n\r\n";
const STATUS = /^HTTP\/1\.[01] (\d{3})/;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+) *\r\n/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked *\r\n/i;
const CLOSE = /\r\nconnection: *close *\r\n/i;

export class Response {
  readonly #bytes: Buffer;
  readonly #headersEnd: number;

  /** @param body its memory is overwritten when the next bytes come */
  constructor(
    readonly status: number,
    bytes: Buffer,
    headersEnd: number,
    readonly body: Buffer,
  ) {
    this.#bytes = bytes;
    this.#headersEnd = headersEnd;
  }

  get headers(): string {
    return this.#bytes.toString("latin1", 0, this.#headersEnd + 2);
  }

  get closesConnection(): boolean {
    return CLOSE.test(this.headers);
  }
}

interface Shape {
  readonly status: number;
  readonly length: number;
  readonly headersEnd: number;
  readonly parts: readonly { readonly at: number; readonly bytes: Uint8Array }[];
}

export class ResponseReader {
  /** Most responses have the shape of the one before, by which they are known to be whole in a tenth of the time. */
  #shape: Shape | undefined;
  #begun: Buffer | undefined;

  /** Returns undefined until the response is whole. @throws Error where the bytes are no response, or more than one */
  read(bytes: Buffer): Response | undefined {
    const shape = this.#shape;
    if (this.#begun === undefined && shape !== undefined && hasShape(bytes, shape))
      return new Response(shape.status, bytes, shape.headersEnd, bytes.subarray(shape.headersEnd + 4));
    const all = this.#begun === undefined ? bytes : Buffer.concat([this.#begun, bytes]);
    const response = this.#parse(all, false);
    // The socket writes the next bytes over these.
    this.#begun = response === undefined ? Buffer.from(all) : undefined;
    return response;
  }

  end(): Response | undefined {
    const response = this.#begun && this.#parse(this.#begun, true);
    this.#begun = undefined;
    return response;
  }

  /** The length of a body: RFC 9112, section 6.3. */
  #parse(bytes: Buffer, isEnd: boolean): Response | undefined {
    const headersEnd = bytes.indexOf(HEADERS_END);
    if (headersEnd === -1) return undefined;
    const head = bytes.toString("latin1", 0, headersEnd + 2);
    const status = Number(STATUS.exec(head)?.[1]);
    if (Number.isNaN(status)) throw new Error(`no HTTP response: ${JSON.stringify(head.slice(0, 40))}`);
    const from = headersEnd + HEADERS_END.length;
    if (CHUNKED.test(head)) {
      const body = readChunks(bytes, from);
      return body && new Response(status, bytes, headersEnd, body);
    }
    const found = CONTENT_LENGTH.exec(head);
    const length = status === 204 || status === 304 ? 0 : found === null ? undefined : Number(found[1]);
    if (length === undefined ? !isEnd : bytes.length < from + length) return undefined;
    if (length !== undefined && bytes.length > from + length) throw new Error("more bytes than Content-Length says");
    if (this.#begun === undefined && found !== null) {
      const parts = [
        { at: 0, bytes: Buffer.from(head.slice(0, 13), "latin1") },
        { at: found.index, bytes: Buffer.from(found[0], "latin1") },
        { at: headersEnd, bytes: Buffer.from(HEADERS_END) },
      ];
      this.#shape = { length: bytes.length, status, headersEnd, parts };
    }
    return new Response(status, bytes, headersEnd, bytes.subarray(from));
  }
}

/** RFC 9112, section 7.1, without trailers; undefined where the last chunk has not come. */
function readChunks(bytes: Buffer, from: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error("a chunk without a size");
    const next = lineEnd + 2 + size + 2;
    if (next > bytes.length) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}

function hasShape(response: Uint8Array, { length, parts }: Shape): boolean {
  if (response.length !== length) return false;
  for (const { at, bytes } of parts)
    for (let offset = 0; offset < bytes.length; offset++) if (response[at + offset] !== bytes[offset]) return false;
  return true;
}
