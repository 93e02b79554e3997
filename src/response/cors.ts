/** Which other sites' programs may read decisions: the header lines of the Fetch standard (CORS). */

const ANY = "*";

export class CrossOrigin {
  readonly #isOff: boolean;
  readonly #isForAny: boolean;
  /** By origin. */
  readonly #lines: ReadonlyMap<string, string>;

  /** @param origins as browsers write them, or `*` alone for any, which then may not send cookies along */
  constructor(origins: readonly string[]) {
    this.#isOff = origins.length === 0;
    this.#isForAny = origins.includes(ANY);
    this.#lines = new Map(
      origins.map((origin) => [
        origin,
        `\r\nAccess-Control-Allow-Origin: ${origin}\r\nAccess-Control-Allow-Credentials: true${VARIES}`,
      ]),
    );
  }

  /** What is put behind an answer's header lines. */
  linesFor(request: { getHeader(lowerCaseName: string): string }): string {
    if (this.#isOff) return "";
    if (this.#isForAny) return FOR_ANY;
    return this.#lines.get(request.getHeader("origin")) ?? VARIES;
  }
}

// Whoever keeps an answer must not give one origin what was meant for another (Fetch standard, "CORS protocol and HTTP caches").
const VARIES = "\r\nVary: Origin";
const FOR_ANY = `\r\nAccess-Control-Allow-Origin: ${ANY}`;
