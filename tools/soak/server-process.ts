/** The server as a process of its own, and what its administration port says. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ReloadResult } from "../../src/index/reload.js";

const BILLBOARD = join(import.meta.dirname, "../../bin/billboard.js");

export class ServerProcess {
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;

  private constructor(
    server: ChildProcess,
    readonly url: URL,
    readonly adminUrl: URL,
  ) {
    this.#process = server;
    this.#exited = once(server, "close").then(([code]) => code as number | null);
  }

  /** @throws Error where it does not come to serve; why, it has said on standard error */
  static async start(index: string): Promise<ServerProcess> {
    const env = {
      ...process.env,
      HOST: "127.0.0.1",
      PORT: "0",
      ADMIN_HOST: "127.0.0.1",
      ADMIN_PORT: "0",
      INDEX_FILE: index,
    };
    const server = spawn(process.execPath, [BILLBOARD, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: server.stdout })) {
      const { event, port, adminPort } = JSON.parse(line) as Record<string, unknown>;
      if (event !== "ready") continue;
      // Whatever else it says goes on to be read, or it would wait for that.
      server.stdout.resume();
      return new ServerProcess(
        server,
        new URL(`http://127.0.0.1:${String(port)}`),
        new URL(`http://127.0.0.1:${String(adminPort)}`),
      );
    }
    throw new Error("the server has ended before it served");
  }

  async reload(): Promise<ReloadResult> {
    const response = await fetch(new URL("/reload", this.adminUrl), { method: "POST" });
    return (await response.json()) as ReloadResult;
  }

  /** Bytes. */
  async residentMemory(): Promise<number> {
    const text = await (await fetch(new URL("/metrics", this.adminUrl))).text();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)![1]);
  }

  /** Resolves with the exit code. */
  async stop(): Promise<number | null> {
    this.#process.kill("SIGTERM");
    return this.#exited;
  }
}
