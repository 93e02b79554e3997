/** The bytes of one connection to its answers: which have come whole, and that each of them is good. */

const HEAD_END = "\r\n\r\n";
const GOOD = "HTTP/1.1 200 ";
const LENGTH = /\r\ncontent-length: *(\d+)\r\n/i;

export class AnswerReader {
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
    const length = LENGTH.exec(text)?.[1];
    if (length === undefined) throw new Error("an answer without a Content-Length");
    this.#missing = Number(length);
    return this.#readBody(head.length - end - HEAD_END.length);
  }

  #readBody(length: number): boolean {
    if (length > this.#missing) throw new Error("an answer is longer than its Content-Length");
    this.#missing -= length;
    return this.#missing === 0;
  }
}
