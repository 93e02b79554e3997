/** Makes ids of decisions that only servers with the key can make, and tells of an id whether and when it was made. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type Cipheriv, type Decipheriv } from "node:crypto";

const ID_BYTES = 16;
export const ID_DIGITS = 2 * ID_BYTES;
const ID_WORDS = 4;

/** Ids that are encrypted together: one by one, the calls into the library took most of the time. */
const BATCH = 256;
/** After so many seconds, what is left of a batch is not used: its time would be too far from the decision's. */
const BATCH_SECONDS = 10;
/** Periods begin with a minute in every zone: an id's time is in the period of its decision. */
const MINUTE_SECONDS = 60;

/** Before encryption the words of an id are 0, seconds since 1970, 40 bits of a series, and 24 of a number in it. */
const SECONDS = 1;
const SERIES = 2;
const NUMBER = 3;
const NUMBERS = 2 ** 24;
const SERIES_WORDS = 2;

const KEY_BYTES = 32;
const BYTE_VALUES = 256;
/** Of the id of a campaign or a banner. */
const OPERAND_BYTES = 4;

const HEX = Buffer.from("0123456789abcdef");

/** Of random bytes, so that ids of two threads are different without their knowing of each other. */
type RandomBytes = (count: number) => Uint8Array;

export class DecisionIds {
  /** The id that was made or read last, as four words in the machine's order; valid until the next call. */
  readonly words = new Uint32Array(ID_WORDS);
  readonly #cipher: Cipheriv;
  readonly #decipher: Decipheriv;
  readonly #masks: Int32Array;
  readonly #plain = new Uint32Array(BATCH * ID_WORDS);
  readonly #batch = new Int32Array(BATCH * ID_WORDS);
  #used = BATCH;
  #batchSeconds = 0;
  #number = 0;

  /** @param key 32 bytes, the same for all servers that know each other's ids */
  constructor(key: Uint8Array, random: RandomBytes = randomBytes) {
    const keys = Buffer.from(hkdfSync("sha256", key, "", "billboard decision ids", 2 * KEY_BYTES));
    const idKey = keys.subarray(0, KEY_BYTES);
    this.#cipher = createCipheriv("aes-256-ecb", idKey, null).setAutoPadding(false);
    this.#decipher = createDecipheriv("aes-256-ecb", idKey, null).setAutoPadding(false);
    this.#masks = masksOf(keys.subarray(KEY_BYTES));
    const series = wordsOf(random(4 * SERIES_WORDS));
    for (let at = 0; at < this.#plain.length; at += ID_WORDS) this.#plain.set(series, at + SERIES);
  }

  /** Leaves the id of a new decision in `words`. @param seconds since 1970 */
  make(campaign: number, banner: number, seconds: number): void {
    const age = seconds - this.#batchSeconds;
    const isOld = age < 0 || age >= BATCH_SECONDS || age > seconds % MINUTE_SECONDS;
    if (isOld || this.#used === BATCH) this.#encrypt(seconds);
    const start = this.#used++ * ID_WORDS;
    for (let word = 0; word < ID_WORDS; word++) this.words[word] = this.#batch[start + word]!;
    this.#mask(campaign, banner);
  }

  /** When the id in `words` was made for campaign and banner, in seconds since 1970; undefined where it was not. */
  secondsOf(campaign: number, banner: number): number | undefined {
    this.#mask(campaign, banner);
    const plain = wordsOf(this.#decipher.update(bytesOf(this.words)));
    this.#mask(campaign, banner);
    return plain[0] === 0 ? plain[SECONDS] : undefined;
  }

  /** Reads the digits of an id into `words`; false for any other text. */
  read(digits: string): boolean {
    if (digits.length !== ID_DIGITS || !/^[0-9a-f]+$/.test(digits)) return false;
    for (let word = 0; word < ID_WORDS; word++)
      this.words[word] = Number.parseInt(digits.slice(8 * word, 8 * word + 8), 16);
    return true;
  }

  /** Writes the digits of the id in `words`, in ASCII. */
  writeDigits(bytes: Uint8Array, start: number): void {
    let at = start;
    for (let word = 0; word < ID_WORDS; word++) {
      const value = this.words[word]! | 0;
      for (let shift = 28; shift >= 0; shift -= 4) bytes[at++] = HEX[(value >>> shift) & 0xf]!;
    }
  }

  #encrypt(seconds: number): void {
    for (let at = 0; at < this.#plain.length; at += ID_WORDS) {
      this.#plain[at + SECONDS] = seconds;
      // It begins anew long after the second in which the same numbers were given.
      this.#number = (this.#number + 1) % NUMBERS;
      this.#plain[at + NUMBER] = Math.floor(this.#plain[at + NUMBER]! / NUMBERS) * NUMBERS + this.#number;
    }
    this.#batch.set(wordsOf(this.#cipher.update(bytesOf(this.#plain))));
    this.#batchSeconds = seconds;
    this.#used = 0;
  }

  /**
   * Binds an id to campaign and banner, or undoes that, by tabulation hashing (Zobrist, 1970): no two pairs have masks
   * whose difference can be guessed, as Liskov, Rivest and Wagner ask of a tweak (CRYPTO 2002).
   */
  #mask(campaign: number, banner: number): void {
    const masks = this.#masks;
    for (let byte = 0; byte < OPERAND_BYTES; byte++) {
      const ofCampaign = (byte * BYTE_VALUES + ((campaign >>> (8 * byte)) & 0xff)) * ID_WORDS;
      const ofBanner = ((byte + OPERAND_BYTES) * BYTE_VALUES + ((banner >>> (8 * byte)) & 0xff)) * ID_WORDS;
      for (let word = 0; word < ID_WORDS; word++)
        this.words[word]! ^= masks[ofCampaign + word]! ^ masks[ofBanner + word]!;
    }
  }
}

/** Random numbers for each value of each byte. */
function masksOf(key: Uint8Array): Int32Array {
  const zeros = Buffer.alloc(2 * OPERAND_BYTES * BYTE_VALUES * ID_BYTES);
  return Int32Array.from(wordsOf(createCipheriv("aes-256-ctr", key, Buffer.alloc(ID_BYTES)).update(zeros)));
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy, since a library's bytes may lie at any address. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
