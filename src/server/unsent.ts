/** Sends on what slow clients have not taken yet, and cuts those that take nothing. */
import type { HttpResponse } from "uWebSockets.js";

/**
 * Shorter than the 10 s without a writable event after which the library cuts a connection: the kernel reports one only
 * when a third of its buffer is free, for which a steady client of 100 kB/s may need longer.
 */
const LOOK_EVERY_MS = 2000;

/** Less than this, the library would take into its own buffer and call sent. */
const LEAST_PIECE = 16_384;

interface Unsent {
  readonly response: HttpResponse;
  /** All of it; empty where only headers are to be sent. */
  readonly body: Uint8Array;
  /** The Content-Length. */
  readonly length: number;
  sent: number;
  takenAt: number;
  /** Whether it may be of an index that is not served any more. */
  isStale: boolean;
}

export class UnsentReplies {
  readonly #timeoutMs: number;
  readonly #onOver: () => void;
  readonly #all = new Set<Unsent>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param timeoutMs after which a client that has taken nothing is cut
   * @param onOver called when a reply is sent, or its connection has ended
   */
  constructor(timeoutMs: number, onOver: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onOver = onOver;
  }

  get count(): number {
    return this.#all.size;
  }

  /**
   * Takes a response on that `tryEnd` has begun and not finished. The next request that its client pipelines has the
   * library cut the connection.
   * @param body must stay as it is until the end; empty for a response without one
   */
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
    this.#timer ??= setInterval(
      () => {
        this.#look();
      },
      Math.min(LOOK_EVERY_MS, this.#timeoutMs / 2),
    );
    response.onAborted(() => {
      this.#forget(unsent);
    });
    response.onWritable(() => this.#send(unsent));
  }

  /** All that there are now are of an index that is not served any more. */
  makeStale(): void {
    for (const unsent of this.#all) unsent.isStale = true;
  }

  /** Cuts those that hold such an index in memory. @returns whether there was one */
  cutStale(): boolean {
    const stale = [...this.#all].filter(({ isStale }) => isStale);
    for (const { response } of stale) response.close();
    return stale.length > 0;
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

  /** Each of the two ways has the library's 10 s begin anew. */
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
