/** Starts Billboard, and the server programs of this folder. */
import { join } from "node:path";
import type { ClientConfig } from "pg";
import { PinnedProcess } from "../measure/pinned-process.js";
import { startedOf, type Server } from "../measure/running-server.js";
import type { PageShape } from "./page.js";

export interface Contender extends Pick<Server, "name" | "label" | "start"> {
  readonly needs: readonly string[];
  /** Runs once, and does not count as part of the server's start. */
  readonly prepare?: () => Promise<void>;
}

export interface ServerTask {
  readonly port: number;
  readonly index: string;
  readonly page: PageShape;
  readonly database?: ClientConfig;
  readonly cache?: number;
}

const BILLBOARD = join(import.meta.dirname, "../../bin/billboard.js");

/** @param settings beside those that it needs */
export function startBillboard(
  index: string,
  port: number,
  core: number,
  settings: Readonly<Record<string, string>> = {},
): PinnedProcess {
  const environment = {
    HOST: "127.0.0.1",
    PORT: String(port),
    ADMIN_HOST: "127.0.0.1",
    ADMIN_PORT: "0",
    LOG_LEVEL: "silent",
    INDEX_FILE: index,
    WORKERS: "1",
    ...settings,
  };
  return new PinnedProcess({ command: process.execPath, args: [BILLBOARD, "serve"], environment }, [core]);
}

export function billboardOn(index: string, settings: Readonly<Record<string, string>> = {}): Server["start"] {
  return (port, core) => startedOf(startBillboard(index, port, core, settings));
}

export function startProgram(program: string, task: ServerTask, core: number): PinnedProcess {
  return PinnedProcess.ofTask(join(import.meta.dirname, "servers", `${program}.js`), task, [core]);
}
