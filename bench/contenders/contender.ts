/** Starts Billboard, and the server programs of this folder. */
import { join } from "node:path";
import { loadIndex } from "../../src/index/load.js";
import { PinnedProcess } from "../measure/pinned-process.js";
import { startedOf, type Start } from "../measure/running-server.js";
import { Pages, type PageShape } from "./page.js";
import type { ClusterAddress } from "./postgresql.js";

export interface Contender {
  /** As in files and on the command line: `billboard`, `nginx-static`. */
  readonly name: string;
  readonly label: string;
  /** Programs that must be installed; where one is missing, the contender is named as absent. */
  readonly needs: readonly string[];
  /** What takes long, is done once, and is no part of a server's start. */
  readonly prepare?: () => Promise<void>;
  readonly start: Start;
}

export interface ServerTask {
  readonly port: number;
  readonly index: string;
  readonly page: PageShape;
  /** How to reach PostgreSQL, and the port of memcached, where it asks them. */
  readonly database?: ClusterAddress;
  readonly cache?: number;
}

const BILLBOARD = join(import.meta.dirname, "../../bin/billboard.js");

export function startBillboard(index: string, port: number, core: number, adminPort = 0): PinnedProcess {
  const environment = {
    ...{ HOST: "127.0.0.1", PORT: String(port), ADMIN_HOST: "127.0.0.1", ADMIN_PORT: String(adminPort) },
    ...{ LOG_LEVEL: "silent", INDEX_FILE: index, WORKERS: "1" },
  };
  return new PinnedProcess({ command: process.execPath, args: [BILLBOARD, "serve"], environment }, [core]);
}

export function billboardOn(index: string): Start {
  return (port, core) => startedOf(startBillboard(index, port, core));
}

const pages = new Map<string, Promise<PageShape>>();

export function pageOf(index: string): Promise<PageShape> {
  let page = pages.get(index);
  if (page === undefined) pages.set(index, (page = loadIndex(index).then((loaded) => new Pages(loaded).page())));
  return page;
}

export async function startProgram(
  program: string,
  task: Omit<ServerTask, "page">,
  core: number,
): Promise<PinnedProcess> {
  const whole: ServerTask = { ...task, page: await pageOf(task.index) };
  return PinnedProcess.ofTask(join(import.meta.dirname, "servers", `${program}.js`), whole, [core]);
}
