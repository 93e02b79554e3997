/** Sends on what slow clients have not taken yet, and cuts those that take nothing. */
import type { HttpResponse } from "uWebSockets.js";

/** Well below the library's 10 s without a writable event, which needs a third of the kernel's buffer to be free. */
const LOOK_EVERY_MS = 2000;

/** Less than this, the library would take into its own buffer and call sent. */
const LEAST_PIECE = 16_384;

interface Unsent {
  readonly response: HttpResponse;
  readonly body: Uint8Array;
  readonly length: number;
  sent: number;
  takenAt: number;
  /** Whether its index may not be served any more. */
  isStale: boolean;
}

export class UnsentReplies {
  readonly #timeoutMs: number;
  readonly #onOver: () => void;
  readonly #all = new Set<Unsent>();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, onOver: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onOver = onOver;
  }

  get count(): number {
    return this.#all.size;
  }

  /** Takes a response that `tryEnd` has begun; `body` must not change, and is empty for a response without one. */
  add(response: HttpResponse, body: Uint8Array, length: number): void {
    const unsent = {
      response,
      body,
      length,
      sent: response.getWriteOffset(),
      takenAt: performance.now(),
      isStale: false,
    };
    this.#all.add(unsent);
    this.#watch();
    response.onAborted(() => {
      this.#forget(unsent);
    });
    response.onWritable(() => this.#send(unsent));
  }

  /** Of one response, or of all. */
  makeStale(response?: HttpResponse): void {
    for (const unsent of this.#all) unsent.isStale ||= response === undefined || unsent.response === response;
  }

  cutStale(): void {
    for (const { response, isStale } of [...this.#all]) if (isStale) response.close();
  }

  /** By itself: beside functions that name an index, the timer's would keep it in memory as they do. */
  #watch(): void {
    this.#timer ??= setInterval(
      () => {
        this.#look();
      },
      Math.min(LOOK_EVERY_MS, this.#timeoutMs / 2),
    );
  }

  /** Returns whether the kernel took all that it was given. */
  #send(unsent: Unsent): boolean {
    const { response, body, length } = unsent;
    const [ok, isOver] = response.tryEnd(body.subarray(response.getWriteOffset()), length);
    if (isOver) this.#forget(unsent);
    else if (ok && body.length === 0) {
      response.endWithoutBody();
      this.#forget(unsent);
    } else this.#noteProgress(unsent);
    return ok;
  }

  #noteProgress(unsent: Unsent): void {
    const sent = unsent.response.getWriteOffset();
    if (sent === unsent.sent) return;
    unsent.sent = sent;
    unsent.takenAt = performance.now();
  }

  /** Sending and resuming both start the library's 10 s anew. */
  #look(): void {
    for (const unsent of this.#all) {
      const { response, body } = unsent;
      if (performance.now() - unsent.takenAt >= this.#timeoutMs) response.close();
      else if (body.length - unsent.sent > LEAST_PIECE) response.cork(() => this.#send(unsent));
      else {
        response.pause();
        response.resume();
      }
    }
  }

  #forget(unsent: Unsent): void {
    this.#all.delete(unsent);
    if (this.#all.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#onOver();
  }
}
