/** The bytes of one connection to its answers: which have come whole, and that each of them is good. */

const HEAD_END = "\r\n\r\n";
const GOOD = "HTTP/1.1 200 ";
const LENGTH = /\r\ncontent-length: *(\d+)\r\n/i;

/** Where an answer that came whole and in one piece has what matters, and what. */
interface Shape {
  /** Of the head and the body. */
  readonly length: number;
  readonly parts: readonly { readonly at: number; readonly bytes: Uint8Array }[];
}

export class AnswerReader {
  /** Of the last that came in one piece. The next mostly has the same, and is then known to be whole in a tenth of the time. */
  #usual: Shape | undefined;
  /** Of a head that has not come whole. */
  #head: Buffer | undefined;
  /** Bytes of the body that have not come; 0 between two answers. */
  #missing = 0;

  /**
   * @param bytes what has come next; at most one answer is under way at a time
   * @returns whether an answer is whole now
   * @throws Error that says what is wrong with it
   */
  read(bytes: Buffer): boolean {
    if (this.#missing > 0) return this.#readBody(bytes.length);
    if (this.#head === undefined && this.#usual !== undefined && has(bytes, this.#usual)) return true;
    const head = this.#head === undefined ? bytes : Buffer.concat([this.#head, bytes]);
    const end = head.indexOf(HEAD_END);
    if (end === -1) {
      // What came lies in memory that is used again.
      this.#head = Buffer.from(head);
      return false;
    }
    this.#head = undefined;
    const text = head.toString("latin1", 0, end + 2);
    if (!text.startsWith(GOOD)) throw new Error(`answered ${JSON.stringify(text.split("\r\n", 1)[0])}`);
    const found = LENGTH.exec(text);
    if (found === null) throw new Error("an answer without a Content-Length");
    this.#missing = Number(found[1]);
    const isWhole = this.#readBody(head.length - end - HEAD_END.length);
    if (isWhole) this.#usual = shapeOf(head, [GOOD, 0], [found[0], found.index], [HEAD_END, end]);
    return isWhole;
  }

  #readBody(length: number): boolean {
    if (length > this.#missing) throw new Error("an answer is longer than its Content-Length");
    this.#missing -= length;
    return this.#missing === 0;
  }
}

function shapeOf({ length }: Uint8Array, ...parts: readonly [text: string, at: number][]): Shape {
  return { length, parts: parts.map(([text, at]) => ({ at, bytes: Buffer.from(text, "latin1") })) };
}

function has(answer: Uint8Array, { length, parts }: Shape): boolean {
  if (answer.length !== length) return false;
  for (const { at, bytes } of parts)
    for (let place = 0; place < bytes.length; place++) if (answer[at + place] !== bytes[place]) return false;
  return true;
}
