/** Chooses what serves the public port: uWebSockets.js, or node:http where that cannot be loaded. */
import { checkLibrary, NoLibraryError } from "./library.js";
import type { PublicServer, ServerOptions } from "./public-server.js";
import { canSharePort } from "./shared-port.js";

export const ENGINES = ["uws", "node"] as const;
export type Engine = (typeof ENGINES)[number];

export interface Choice {
  readonly engine: Engine;
  readonly workers: number;
  /** What an operator should know of it, each in a line. */
  readonly warnings: readonly string[];
}

/** @param asked an engine, or "auto" for uWebSockets.js where it loads @throws Error whose message is one line */
export async function chooseEngine(asked: Engine | "auto", workers: number, allowOther: boolean): Promise<Choice> {
  const reason = asked === "node" ? undefined : await missingLibrary(allowOther);
  if (asked === "uws" && reason !== undefined)
    throw new Error(`ENGINE=uws: uWebSockets.js cannot serve: ${reason}; ENGINE=auto serves by node:http then`);
  if (asked !== "node" && reason === undefined) return { engine: "uws", workers, warnings: [] };
  const warnings = [];
  if (reason !== undefined)
    warnings.push(
      "node:http serves in place of uWebSockets.js, and takes about three times the processor time for a request. " +
        `uWebSockets.js cannot serve: ${reason}. ENGINE=node says that this is meant`,
    );
  if (workers === 1 || canSharePort()) return { engine: "node", workers, warnings };
  warnings.push(
    `one worker serves, and not ${workers}: with node:http, threads share a port on Linux from Node.js 22.12 on`,
  );
  return { engine: "node", workers: 1, warnings };
}

async function missingLibrary(allowOther: boolean): Promise<string | undefined> {
  try {
    await checkLibrary(allowOther);
    return undefined;
  } catch (error) {
    if (error instanceof NoLibraryError) return error.message;
    throw error;
  }
}

export async function openServer(engine: Engine, options: ServerOptions): Promise<PublicServer> {
  // Only that of the engine: to import the other loads its library.
  if (engine === "uws") return new (await import("./uws.js")).UwsServer(options);
  return new (await import("./node-http.js")).NodeServer(options);
}
