/** Parses JSON without rounding: numbers stay as they are written, and a key that comes twice is there twice. */

export class JsonNumber {
  constructor(readonly text: string) {}
}

export class JsonObject {
  constructor(readonly entries: readonly (readonly [key: string, value: JsonValue])[]) {}
}

export type JsonValue = string | boolean | null | JsonNumber | JsonObject | readonly JsonValue[];

export class JsonError extends Error {
  override readonly name = "JsonError";
}

/** Each level is a call within a call. */
const MAX_DEPTH = 32;

const BLANKS = /[ \t\n\r]*/y;
/** RFC 8259, section 6. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** @throws JsonError that says where */
export function parseJson(text: string): JsonValue {
  return new Parser(text).whole();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonValue {
    const value = this.#value(0);
    if (this.#next() !== undefined) this.#fail("the end");
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) this.#fail(`at most ${MAX_DEPTH} levels`);
    const first = this.#next();
    if (first === "{") return new JsonObject(this.#list("}", () => this.#entry(depth)));
    if (first === "[") return this.#list("]", () => this.#value(depth + 1));
    if (first === '"') return this.#string();
    const number = this.#match(NUMBER);
    if (number !== undefined) return new JsonNumber(number);
    const word = this.#match(WORD);
    if (word === undefined) return this.#fail("a value");
    return word === "null" ? null : word === "true";
  }

  #list<Item>(end: string, item: () => Item): Item[] {
    const items: Item[] = [];
    this.#at++;
    if (this.#next() !== end) {
      items.push(item());
      while (this.#next() === ",") {
        this.#at++;
        items.push(item());
      }
      if (this.#next() !== end) this.#fail(`a comma or ${end}`);
    }
    this.#at++;
    return items;
  }

  #entry(depth: number): readonly [string, JsonValue] {
    if (this.#next() !== '"') this.#fail("a key in quotes");
    const key = this.#string();
    if (this.#next() !== ":") this.#fail("a colon");
    this.#at++;
    return [key, this.#value(depth + 1)];
  }

  /** What is within the quotes is left to the platform. */
  #string(): string {
    const start = this.#at;
    let end = start + 1;
    for (let code = 0; (code = this.#text.charCodeAt(end)) !== QUOTE; end += code === BACKSLASH ? 2 : 1)
      if (end >= this.#text.length) return this.#fail("a closing quote");
    try {
      const value = JSON.parse(this.#text.slice(start, end + 1)) as string;
      this.#at = end + 1;
      return value;
    } catch (error) {
      return this.#fail("a text without control characters and other escapes than those of JSON", error);
    }
  }

  /** The next character that is no blank; undefined at the end. */
  #next(): string | undefined {
    this.#match(BLANKS);
    return this.#text[this.#at];
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fail(expected: string, cause?: unknown): never {
    throw new JsonError(`no JSON at character ${this.#at + 1}: expected ${expected}`, { cause });
  }
}
