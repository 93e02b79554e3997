/** Does what a server has to stand: each fault comes, stays for a moment, and goes. */
import { copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReloadResult } from "../../src/index/reload.js";
import type { Random } from "../make-sample/random.js";

/** Longer than any fault stays. */
export const ANSWER_MS = 30_000;
/** More than the server may open: see `MAX_FILES` in limited-server.ts. */
const CONNECTIONS = 400;
const FLOODED_REQUESTS = 20_000;
const MIN_HANG_MS = 500;
/** Longer than it takes until a hang is noticed, and shorter than HANG_TIMEOUT. */
const MAX_HANG_MS = 8_000;
/** Two that follow each other. */
const LONGEST_STANDSTILL_MS = 2 * MAX_HANG_MS;

export interface Scene {
  readonly pid: number;
  readonly url: URL;
  readonly adminUrl: URL;
  readonly indexes: readonly [string, string];
  readonly broken: string;
  readonly served: string;
  readonly logFile: string;
  /** While it is missing, the next worker that meets a fault stands still. */
  readonly goOnFile: string;
  readonly random: Random;
  readonly published: (index: string) => void;
  readonly reloaded: (result: ReloadResult) => void;
  readonly found: (error: string) => void;
}

type Fault = (scene: Scene) => Promise<void>;

async function post(scene: Scene, index: string, expected: readonly ReloadResult["result"][]): Promise<ReloadResult> {
  copyFileSync(index, `${scene.served}.tmp`);
  renameSync(`${scene.served}.tmp`, scene.served);
  scene.published(index);
  const response = await fetch(new URL("/reload", scene.adminUrl), {
    method: "POST",
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const result = (await response.json()) as ReloadResult;
  // A worker that stands still has a reload refused, which is right.
  const isHung = result.result === "refused" && /worker/.test(result.reason ?? "");
  if (!expected.includes(result.result) && !isHung) scene.found(`reload of ${index}: ${JSON.stringify(result)}`);
  scene.reloaded(result);
  return result;
}

let turn = 0;

/** Each changes the file on disk and expects a result of it, so only one runs at a time. */
export const RELOADS: Readonly<Record<string, Fault>> = {
  "reload of another index": async (scene) => {
    const { result } = await post(scene, scene.indexes[++turn % 2]!, ["replaced", "unchanged"]);
    if (result === "refused") await post(scene, scene.indexes[--turn % 2]!, ["unchanged"]);
  },
  "reload of a broken index": async (scene) => {
    await post(scene, scene.broken, ["refused"]);
    await post(scene, scene.indexes[turn % 2]!, ["unchanged"]);
  },
  "signals to reload": async (scene) => {
    for (let signal = 0; signal < 20; signal++) process.kill(scene.pid, "SIGHUP");
    await post(scene, scene.indexes[turn % 2]!, ["unchanged"]);
  },
};

export const FAULTS: Readonly<Record<string, Fault>> = {
  "a worker stands still": async ({ pid, goOnFile, random }) => {
    rmSync(goOnFile, { force: true });
    process.kill(pid, "SIGUSR2");
    await sleep(random.between(MIN_HANG_MS, MAX_HANG_MS));
    writeFileSync(goOnFile, "");
  },
  "the process stands still": async ({ pid, random }) => {
    process.kill(pid, "SIGSTOP");
    await sleep(random.between(100, 1500));
    process.kill(pid, "SIGCONT");
  },
  "no descriptors are left": async ({ url, found, random }) => {
    let closed = 0;
    const sockets = Array.from({ length: CONNECTIONS }, () => open(url));
    for (const socket of sockets) socket.once("close", () => closed++);
    await sleep(random.between(1000, 3000));
    // A server that stands still lets nobody in, and closes them when it goes on.
    for (let waited = 0; closed === 0 && waited < LONGEST_STANDSTILL_MS; waited += 100) await sleep(100);
    if (closed === 0) found(`${CONNECTIONS} connections were all let in: the fault did not come about`);
    for (const socket of sockets) socket.destroy();
  },
  "requests come in a flood, and nobody reads": async ({ url, random }) => {
    const socket = open(url);
    socket.pause();
    socket.write("GET /campaigns/1/ HTTP/1.1\r\nHost: flood\r\n\r\n".repeat(FLOODED_REQUESTS));
    await sleep(random.between(500, 2000));
    socket.destroy();
  },
  "the log's disk has room again": async ({ logFile, random }) => {
    truncateSync(logFile);
    await sleep(random.between(100, 1000));
  },
};

function open({ hostname, port }: URL): Socket {
  // The server may cut it, which is right.
  return connect(Number(port), hostname).on("error", () => undefined);
}
