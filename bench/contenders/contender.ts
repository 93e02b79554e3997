/** What the benchmark puts side by side: servers that all give the same answer. */
import type { PinnedProcess } from "../pinned-process.js";

export interface Contender {
  /** As in files and on the command line: `billboard`, `nginx-static`. */
  readonly name: string;
  /** As in tables. */
  readonly label: string;
  /** Programs that must be installed; where one is missing, the contender is named as absent. */
  readonly needs: readonly string[];
  /** Whether it is started on all cores, that of the load generator too, and not on the one that serves. */
  readonly usesAllCores?: boolean;
  /** What takes long, is done once, and is no part of a server's start. */
  prepare?(): Promise<void>;
  /** Starts it anew, and resolves at once: whether it answers yet, the caller finds out by asking. */
  start(port: number, cores: readonly number[]): Promise<Running> | Running;
}

export interface Running {
  /** What its work costs is what these and all their children take. */
  readonly processes: readonly PinnedProcess[];
  /** Resolves when all have ended. */
  stop(): Promise<void>;
}

/** What all contenders have in common. */
export interface Stage {
  /** For whatever they write; it is removed after the benchmark. */
  readonly folder: string;
  /** The data folder that `index` was built from. Ids are all of one length, so that all pages are. */
  readonly data: string;
  /** The index file. */
  readonly index: string;
}
