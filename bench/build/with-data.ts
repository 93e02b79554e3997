/** A request to its data in a fresh folder, for as long as somebody uses them. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { filesOf } from "./amounts.js";
import type { Arguments } from "./arguments.js";
import { Events } from "./events.js";
import { expectationOf, type Expectation } from "./expectation.js";
import { bytesNeeded, requireRoom } from "./room.js";
import { writeEvents } from "./write-events.js";

export interface Surroundings {
  /** Ends the benchmark, which throws its reason. */
  readonly signal: AbortSignal;
  /** Is told what begins. */
  readonly tell: (what: string) => void;
}

export interface Data {
  /** The data folder. */
  readonly data: string;
  /** A folder beside it that is not there yet. */
  readonly out: string;
  /** In the order in which a build reads them. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly expectation: Expectation;
}

/** @throws Error whose message is one line where the disk has no room, or what `use` throws; the data are gone either way */
export async function withData<T>(
  { amounts, seed, parent, keep }: Arguments,
  { signal, tell }: Surroundings,
  use: (data: Data) => Promise<T>,
): Promise<T> {
  await requireRoom(parent, bytesNeeded(amounts));
  const folder = await mkdtemp(join(parent, "bench-build-"));
  try {
    const data = join(folder, "data");
    tell(`making the data in ${data}`);
    const events = new Events(amounts, seed);
    const bytes = await writeEvents(data, events, signal);
    const expectation = expectationOf(amounts, events.revenue);
    const files = filesOf(amounts.periods).map((file) => join(data, file));
    return await use({ data, out: join(folder, "index"), files, bytes, expectation });
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}
