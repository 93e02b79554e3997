/** Logs how recording goes: once per change. */
import type { Logger } from "pino";
import type { Recovered } from "./recovery.js";

export class RecorderLog {
  readonly #log: Logger;
  readonly #folder: string;

  constructor(log: Logger, folder: string) {
    this.#log = log;
    this.#folder = folder;
  }

  begun(server: string): void {
    this.#log.info({ ...this.#event("begun"), server }, `recording to ${this.#folder} as server ${server}`);
  }

  recovered({ closed, removed }: Recovered): void {
    if (closed.length + removed === 0) return;
    const files = `${closed.length} files that a crash had left open are closed`;
    const others = removed === 0 ? "" : `, and ${removed} without a row removed`;
    this.#log.warn({ ...this.#event("recovered"), closed, removed }, `recording: ${files}${others}`);
  }

  failing(reason: string): void {
    this.#log.error({ ...this.#event("failing"), reason }, `recording fails, serving goes on: ${reason}`);
  }

  works(): void {
    this.#log.info(this.#event("works"), "recording works again");
  }

  folderMade(): void {
    this.#log.warn(this.#event("folder-made"), `recording: ${this.#folder} was gone, and is made again`);
  }

  died(reason: string, restartAfterMs: number): void {
    this.#log.error({ ...this.#event("died"), reason, restartAfterMs }, "the recorder thread died");
  }

  restarted(): void {
    this.#log.info(this.#event("restarted"), "the recorder thread is restarted");
  }

  dropping(): void {
    this.#log.error(this.#event("dropping"), "recording drops events: its memory is full");
  }

  dropped(events: number): void {
    this.#log.warn({ ...this.#event("dropped"), events }, `recording drops no more: ${events} events were dropped`);
  }

  unfinished(deadlineMs: number): void {
    const message = `recording did not end within ${deadlineMs} ms: what it had not written is lost`;
    this.#log.error(this.#event("unfinished"), message);
  }

  note(note: string): void {
    this.#log.warn(this.#event("note"), note);
  }

  #event(state: string): { readonly event: "recording"; readonly state: string; readonly folder: string } {
    return { event: "recording", state, folder: this.#folder };
  }
}
