/** Knows who is being sent parts of the served index, and cuts those who would keep it in memory. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Catalog } from "../index/catalog.js";
import type { Index } from "../index/format.js";
import { inspectionJson } from "../index/inspect.js";
import { JSON_TYPE } from "./route.js";

export class IndexReaders {
  readonly #responses = new Set<ServerResponse>();

  /** Resolves when the whole index is sent as JSON; rejects where the reader leaves or is cut. */
  async send(index: Index, response: ServerResponse): Promise<void> {
    this.add(response);
    response.writeHead(200, { "Content-Type": JSON_TYPE, "Cache-Control": "no-store" });
    // In pieces, as fast as the client reads: this may be larger than the index.
    await pipeline(Readable.from(inspectionJson(new Catalog(index))), response);
  }

  /** To be called before a response whose body lies in the index. */
  add(response: ServerResponse): void {
    this.#responses.add(response);
    response.once("close", () => this.#responses.delete(response));
  }

  get size(): number {
    return this.#responses.size;
  }

  cut(): void {
    for (const response of this.#responses) response.destroy();
  }
}
