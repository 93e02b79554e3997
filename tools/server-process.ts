/** Starts the server as a process of its own, and reads its administration port. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const BILLBOARD = join(import.meta.dirname, "../bin/billboard.js");

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

  static async start(index: string): Promise<ServerProcess> {
    const address = { HOST: "127.0.0.1", PORT: "0", ADMIN_HOST: "127.0.0.1", ADMIN_PORT: "0" };
    const env = { ...process.env, ...address, INDEX_FILE: index };
    const server = spawn(process.execPath, [BILLBOARD, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: server.stdout })) {
      const { event, port, adminPort } = JSON.parse(line) as Record<string, unknown>;
      if (event !== "ready") continue;
      // An unread pipe fills, and the server then waits.
      server.stdout.resume();
      const urlOf = (port: unknown): URL => new URL(`http://127.0.0.1:${String(port)}`);
      return new ServerProcess(server, urlOf(port), urlOf(adminPort));
    }
    throw new Error("the server has ended before it served");
  }

  async reload(): Promise<{ readonly result: string }> {
    const response = await fetch(new URL("/reload", this.adminUrl), { method: "POST" });
    return (await response.json()) as { result: string };
  }

  /** Bytes. */
  async residentMemory(): Promise<number> {
    const text = await (await fetch(new URL("/metrics", this.adminUrl))).text();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)![1]);
  }

  async stop(): Promise<number | null> {
    this.#process.kill("SIGTERM");
    return this.#exited;
  }
}
