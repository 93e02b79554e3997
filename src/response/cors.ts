/** Lets the programs of other sites read decisions: the header lines of CORS (Fetch standard). */

const ANY = "*";
// A cache must not give one origin what was meant for another (Fetch standard, "CORS protocol and HTTP caches").
const VARY = "\r\nVary: Origin";
const FOR_ANY = `\r\nAccess-Control-Allow-Origin: ${ANY}`;

export class Cors {
  readonly #isOff: boolean;
  readonly #isForAny: boolean;
  readonly #lines: ReadonlyMap<string, string>;

  /** @param origins as browsers write them, or `*` alone for any, which may send no cookies then */
  constructor(origins: readonly string[]) {
    this.#isOff = origins.length === 0;
    this.#isForAny = origins.includes(ANY);
    this.#lines = new Map(
      origins.map((origin) => [
        origin,
        `\r\nAccess-Control-Allow-Origin: ${origin}\r\nAccess-Control-Allow-Credentials: true${VARY}`,
      ]),
    );
  }

  linesFor(request: { getHeader(lowerCaseName: string): string }): string {
    if (this.#isOff) return "";
    if (this.#isForAny) return FOR_ANY;
    return this.#lines.get(request.getHeader("origin")) ?? VARY;
  }
}
