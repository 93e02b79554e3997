/** Lets the programs of other sites read decisions: the header lines of CORS (Fetch standard). */
import type { TurnedAway } from "./turned-away.js";

const ANY = "*";
// A cache must not give one origin what was meant for another (Fetch standard, "CORS protocol and HTTP caches").
const VARY = "\r\nVary: Origin";
const FOR_ANY = `\r\nAccess-Control-Allow-Origin: ${ANY}`;

export class Cors {
  readonly #isOff: boolean;
  readonly #isForAny: boolean;
  readonly #lines: ReadonlyMap<string, string>;
  readonly #turnedAway: TurnedAway;

  /** @param origins as browsers write them, or `*` alone for any, which may send no cookies then */
  constructor(origins: readonly string[], turnedAway: TurnedAway) {
    this.#turnedAway = turnedAway;
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
    if (this.#isForAny) return FOR_ANY;
    const origin = request.getHeader("origin");
    const lines = this.#lines.get(origin);
    if (lines !== undefined) return lines;
    // Programs of pages of this server need no permission, whatever the scheme is before a proxy.
    if (origin !== "" && !origin.endsWith(`://${request.getHeader("host")}`)) this.#turnedAway.note(origin);
    return this.#isOff ? "" : VARY;
  }
}
