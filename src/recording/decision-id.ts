/** Makes ids of decisions that only servers with the key can make, and tells of an id whether and when it was made. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type Cipheriv, type Decipheriv } from "node:crypto";

const ID_BYTES = 16;
const ID_WORDS = 4;
const WORD_DIGITS = 8;
export const ID_DIGITS = ID_WORDS * WORD_DIGITS;

/** Ids that are encrypted together: one by one, the calls into the library took most of the time. */
const BATCH = 1024;
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

/** Words that have a part of the mask: 64 bits, which nobody guesses. */
const MASK_WORDS = 2;

/** The two digits of each value of a byte, the first one in the lower byte. */
const HEX_PAIRS = Uint16Array.from({ length: BYTE_VALUES }, (_, value) => {
  const digits = value.toString(16).padStart(2, "0");
  return digits.charCodeAt(0) | (digits.charCodeAt(1) << 8);
});

/** Of random bytes, so that ids of two threads are different without their knowing of each other. */
type RandomBytes = (count: number) => Uint8Array;

export class DecisionIds {
  /** The id that was read last, as four words in the machine's order; valid until the next is read. */
  readonly words = new Uint32Array(ID_WORDS);
  readonly #cipher: Cipheriv;
  readonly #decipher: Decipheriv;
  readonly #masks: Int32Array;
  readonly #mask = new Int32Array(MASK_WORDS);
  readonly #plain = new Uint32Array(BATCH * ID_WORDS);
  readonly #plainBytes = bytesOf(this.#plain);
  readonly #batch = new Int32Array(BATCH * ID_WORDS);
  readonly #batchBytes = bytesOf(this.#batch);
  #used = BATCH;
  #batchSeconds = 0;
  /** From this second on, what is left of the batch is not used. */
  #batchEnd = 0;
  /** The eight bits of the series that are in the word of the number. */
  readonly #seriesEnd: number;
  #number = 0;

  /** @param key 32 bytes, the same for all servers that know each other's ids */
  constructor(key: Uint8Array, random: RandomBytes = randomBytes) {
    const keys = Buffer.from(hkdfSync("sha256", key, "", "billboard decision ids", 2 * KEY_BYTES));
    const idKey = keys.subarray(0, KEY_BYTES);
    this.#cipher = createCipheriv("aes-256-ecb", idKey, null).setAutoPadding(false);
    this.#decipher = createDecipheriv("aes-256-ecb", idKey, null).setAutoPadding(false);
    this.#masks = masksOf(keys.subarray(KEY_BYTES));
    const series = wordsOf(random(4 * SERIES_WORDS));
    this.#seriesEnd = series[1]! - (series[1]! % NUMBERS);
    for (let at = 0; at < this.#plain.length; at += ID_WORDS) this.#plain[at + SERIES] = series[0]!;
  }

  /** Makes the id of a decision, and writes its ID_DIGITS in ASCII. @param seconds since 1970 */
  write(campaign: number, banner: number, seconds: number, bytes: DataView, start: number): void {
    if (seconds < this.#batchSeconds || seconds >= this.#batchEnd || this.#used === BATCH) this.#encrypt(seconds);
    this.#findMask(campaign, banner);
    const at = this.#used++ * ID_WORDS;
    writeWord(this.#batch[at]! ^ this.#mask[0]!, bytes, start);
    writeWord(this.#batch[at + 1]! ^ this.#mask[1]!, bytes, start + WORD_DIGITS);
    writeWord(this.#batch[at + 2]!, bytes, start + 2 * WORD_DIGITS);
    writeWord(this.#batch[at + 3]!, bytes, start + 3 * WORD_DIGITS);
  }

  /** Reads the digits of an id into `words`; false for any other text. */
  read(digits: string): boolean {
    if (digits.length !== ID_DIGITS || !/^[0-9a-f]+$/.test(digits)) return false;
    for (let word = 0; word < ID_WORDS; word++)
      this.words[word] = Number.parseInt(digits.slice(WORD_DIGITS * word, WORD_DIGITS * (word + 1)), 16);
    return true;
  }

  /** When the id in `words` was made for campaign and banner, in seconds since 1970; undefined where it was not. */
  secondsOf(campaign: number, banner: number): number | undefined {
    this.#findMask(campaign, banner);
    const encrypted = Uint32Array.from(this.words);
    encrypted[0]! ^= this.#mask[0]!;
    encrypted[1]! ^= this.#mask[1]!;
    const plain = wordsOf(this.#decipher.update(bytesOf(encrypted)));
    return plain[0] === 0 ? plain[SECONDS] : undefined;
  }

  #encrypt(seconds: number): void {
    const plain = this.#plain;
    for (let at = 0; at < plain.length; at += ID_WORDS) {
      plain[at + SECONDS] = seconds;
      // It begins anew long after the second in which the same numbers were given.
      this.#number = (this.#number + 1) % NUMBERS;
      plain[at + NUMBER] = this.#seriesEnd + this.#number;
    }
    this.#batchBytes.set(this.#cipher.update(this.#plainBytes));
    this.#batchSeconds = seconds;
    this.#batchEnd = Math.min(seconds + BATCH_SECONDS, seconds - (seconds % MINUTE_SECONDS) + MINUTE_SECONDS);
    this.#used = 0;
  }

  /**
   * By tabulation hashing (Zobrist, 1970), which binds an id to campaign and banner: no two pairs have masks whose
   * difference can be guessed, as Liskov, Rivest and Wagner ask of a tweak (CRYPTO 2002).
   */
  #findMask(campaign: number, banner: number): void {
    const masks = this.#masks;
    let ofCampaign = campaign | 0;
    let ofBanner = banner | 0;
    let first = 0;
    let second = 0;
    for (let table = 0; table < masks.length; table += 2 * BYTE_VALUES * MASK_WORDS) {
      const one = table + (ofCampaign & 0xff) * MASK_WORDS;
      const other = table + (BYTE_VALUES + (ofBanner & 0xff)) * MASK_WORDS;
      first ^= masks[one]! ^ masks[other]!;
      second ^= masks[one + 1]! ^ masks[other + 1]!;
      ofCampaign >>>= 8;
      ofBanner >>>= 8;
    }
    this.#mask[0] = first;
    this.#mask[1] = second;
  }
}

/** Four digits a store: one a store took three times as long. */
function writeWord(word: number, bytes: DataView, start: number): void {
  bytes.setInt32(start, HEX_PAIRS[word >>> 24]! | (HEX_PAIRS[(word >>> 16) & 0xff]! << 16), true);
  bytes.setInt32(start + 4, HEX_PAIRS[(word >>> 8) & 0xff]! | (HEX_PAIRS[word & 0xff]! << 16), true);
}

/** Random numbers for each value of each byte. */
function masksOf(key: Uint8Array): Int32Array {
  const zeros = Buffer.alloc(2 * OPERAND_BYTES * BYTE_VALUES * MASK_WORDS * 4);
  return Int32Array.from(wordsOf(createCipheriv("aes-256-ctr", key, Buffer.alloc(ID_BYTES)).update(zeros)));
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy, since a library's bytes may lie at any address. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
