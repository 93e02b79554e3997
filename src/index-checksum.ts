/** The checksum of an index: SHA-256 of all its bytes but the checksum's own. */
import { createHash } from "node:crypto";
import { CHECKSUM_AT, CHECKSUM_LENGTH } from "./index-header.js";

/** Takes the bytes piece by piece, in their order. */
export class IndexChecksum {
  readonly #hash = createHash("sha256");
  #taken = 0;

  update(piece: Uint8Array): this {
    const before = Math.max(CHECKSUM_AT - this.#taken, 0);
    const after = Math.max(CHECKSUM_AT + CHECKSUM_LENGTH - this.#taken, 0);
    this.#hash.update(piece.subarray(0, before)).update(piece.subarray(after));
    this.#taken += piece.length;
    return this;
  }

  /** Nothing can be taken after it. */
  digest(): Buffer {
    return this.#hash.digest();
  }
}
