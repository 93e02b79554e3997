/** A clock for servers under test, which stands until the test sets it, forward or back. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PRELOAD = pathToFileURL(join(import.meta.dirname, "feigned-clock.js")).href;

export class SetClock {
  /** For the server that is to have it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #file: string;
  #moment = NaN;

  /** @param file that it makes */
  constructor(file: string, time: string) {
    this.#file = file;
    this.environment = { NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK: file };
    this.set(time);
  }

  /** Whatever asks for the time from now on gets this one. */
  set(time: string): void {
    this.#moment = Date.parse(time);
    // By rename, so that nobody reads half of it.
    writeFileSync(`${this.#file}.next`, String(this.#moment));
    renameSync(`${this.#file}.next`, this.#file);
  }

  /** Milliseconds since 1970. */
  get moment(): number {
    return this.#moment;
  }
}
