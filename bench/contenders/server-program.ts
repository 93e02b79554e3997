/** A contender's server program: how it is started, and what it is told. */
import { join } from "node:path";
import { PinnedProcess } from "../pinned-process.js";
import type { Running } from "./contender.js";
import { pageShapeOf, type PageShape } from "./page-shape.js";

export interface ServerTask {
  readonly port: number;
  readonly index: string;
  readonly page: PageShape;
}

const pages = new Map<string, Promise<PageShape>>();

/** The page of an index; it is made once. */
export function pageOf(index: string): Promise<PageShape> {
  let page = pages.get(index);
  if (page === undefined) pages.set(index, (page = pageShapeOf(index)));
  return page;
}

/**
 * Starts a program of this folder.
 * @param more what else it is told
 */
export async function startProgram(
  program: string,
  { index, port }: Omit<ServerTask, "page">,
  cores: readonly number[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<PinnedProcess> {
  const task = { port, index, page: await pageOf(index), ...more };
  const args = [join(import.meta.dirname, `${program}.js`), JSON.stringify(task)];
  return new PinnedProcess({ command: process.execPath, args }, cores);
}

/** In the program itself. */
export function taskOf(): ServerTask {
  return JSON.parse(process.argv[2]!) as ServerTask;
}

/** What is ended one after the other, in this order. */
export function runningOf(...processes: readonly PinnedProcess[]): Running {
  return {
    processes,
    stop: async () => {
      for (const process of processes) await process.stop();
    },
  };
}
