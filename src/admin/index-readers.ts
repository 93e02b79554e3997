/** Sends an index as JSON, and cuts readers who would keep it in memory. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Catalog } from "../index/catalog.js";
import type { Index } from "../index/format.js";
import { inspectionJson } from "../index/inspect.js";
import { JSON_TYPE } from "./route.js";

const STALL_MS = 30_000;

export class IndexReaders {
  readonly #stallMs: number;
  readonly #responses = new Set<ServerResponse>();

  constructor(stallMs = STALL_MS) {
    this.#stallMs = stallMs;
  }

  /** Resolves when all is sent; rejects where the reader leaves or is cut. */
  async send(index: Index, response: ServerResponse): Promise<void> {
    response.writeHead(200, { "Content-Type": JSON_TYPE, "Cache-Control": "no-store" });
    response.setTimeout(this.#stallMs, () => response.destroy());
    this.#responses.add(response);
    try {
      // In pieces, as fast as the client reads: this may be larger than the index.
      await pipeline(Readable.from(inspectionJson(new Catalog(index))), response);
    } finally {
      this.#responses.delete(response);
    }
  }

  get size(): number {
    return this.#responses.size;
  }

  cut(): void {
    for (const response of this.#responses) response.destroy();
  }
}
