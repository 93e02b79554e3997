/** What came back over a connection -> the answers in it, by RFC 9112, or what is wrong with it. */

export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** As Latin-1: a character a byte. */
  readonly body: string;
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e]+$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\x20-\x7e]*)$/;

/**
 * All answers of a connection that is closed.
 * @param mayHaveHead whether an answer with a length may come without a body, as that to HEAD does: who sent odd bytes
 * does not know which of them the server took for a method
 * @throws Error with what is wrong where it is anything else than whole answers
 */
export function answersIn(bytes: Buffer, mayHaveHead: boolean): WireAnswer[] {
  const text = bytes.toString("latin1");
  const answers: WireAnswer[] = [];
  for (let at = 0; at < text.length;) {
    const headEnd = text.indexOf("\r\n\r\n", at);
    if (headEnd === -1) throw new Error(`the head of an answer ends nowhere: ${excerpt(text, at)}`);
    const [statusLine = "", ...lines] = text.slice(at, headEnd).split("\r\n");
    const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) throw new Error(`not a status line: ${excerpt(text, at)}`);
    const headers = headersOf(lines);
    const bodyStart = headEnd + 4;
    const bodyEnd = bodyStart + bodyLength(status, headers, text.slice(bodyStart), mayHaveHead);
    if (bodyEnd > text.length) throw new Error(`a body is cut: ${excerpt(text, at)}`);
    answers.push({ status, headers, body: text.slice(bodyStart, bodyEnd) });
    at = bodyEnd;
  }
  return answers;
}

function headersOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a header: ${JSON.stringify(line)}`);
    if (headers.has(name.toLowerCase())) throw new Error(`a header twice: ${JSON.stringify(line)}`);
    headers.set(name.toLowerCase(), value);
  }
  return headers;
}

/** RFC 9112, section 6.3, for what a server of ours sends: no transfer coding. */
function bodyLength(status: number, headers: ReadonlyMap<string, string>, rest: string, mayHaveHead: boolean): number {
  const length = headers.get("content-length");
  // A 304 may say how long the 200 would be.
  if (status === 304) return 0;
  if (status < 200 || status === 204) {
    if (length !== undefined) throw new Error(`a length in a ${status}`);
    return 0;
  }
  if (length === undefined) {
    // The library's own refusals: the end of the connection is the end of the body.
    if (headers.get("connection") !== "close") throw new Error(`a ${status} without a length that does not close`);
    return rest.length;
  }
  if (!/^\d{1,9}$/.test(length)) throw new Error(`a length of ${JSON.stringify(length)}`);
  // No body of ours begins as an answer does.
  return mayHaveHead && (rest === "" || rest.startsWith("HTTP/1.1 ")) ? 0 : Number(length);
}

function excerpt(text: string, at: number): string {
  return JSON.stringify(text.slice(at, at + 200));
}
