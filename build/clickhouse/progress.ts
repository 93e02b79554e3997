/** Tells how far a statement is, and ends it where nobody waits for it any more. */
import { randomUUID } from "node:crypto";
import type { ReadProgress } from "../read/event-reader.js";
import { rowsOf, type Server } from "./client.js";

const INTERVAL_MS = 1000;
const KILL_TIMEOUT_MS = 5000;

export class Progress {
  #queryId = "";
  #before: ReadProgress = { rows: 0, bytes: 0 };
  #now: ReadProgress = { rows: 0, bytes: 0 };
  #askedAt = -Infinity;

  constructor(readonly server: Server) {}

  /** Returns the id to give to the next statement. */
  begin(): string {
    this.#before = this.read();
    this.#now = { rows: 0, bytes: 0 };
    this.#queryId = `billboard-${randomUUID()}`;
    return this.#queryId;
  }

  /** Rows that ClickHouse has read for all statements, as it said last. Asks again where somebody looks. */
  read(): ReadProgress {
    if (this.#queryId !== "" && performance.now() - this.#askedAt > INTERVAL_MS) {
      this.#askedAt = performance.now();
      // The statement itself fails where the server does.
      this.#ask(this.#queryId).catch(() => undefined);
    }
    return { rows: this.#before.rows + this.#now.rows, bytes: this.#before.bytes + this.#now.bytes };
  }

  async #ask(queryId: string): Promise<void> {
    const [[rows, bytes] = []] = await rowsOf(
      this.server,
      `SELECT read_rows, read_bytes FROM system.processes WHERE query_id = '${queryId}' FORMAT TabSeparated`,
    );
    if (rows !== undefined && queryId === this.#queryId) this.#now = { rows: Number(rows), bytes: Number(bytes) };
  }

  /** It would go on: ClickHouse does not notice by itself that its client is gone. A user who may not has it go on. */
  async kill(): Promise<void> {
    const server = { ...this.server, signal: AbortSignal.timeout(KILL_TIMEOUT_MS) };
    await rowsOf(server, `KILL QUERY WHERE query_id = '${this.#queryId}' ASYNC`).catch(() => undefined);
  }
}
