/** nginx or HAProxy in the foreground, as a child of the test. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../src/server/connection.js";

export class ProxyProcess {
  readonly exited: Promise<unknown>;
  /** Its log, from standard output and standard error. */
  log = "";
  readonly #process: ChildProcess;
  #running = true;

  constructor(program: string, options: readonly string[]) {
    this.#process = spawn(program, options, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on("data", (chunk: Buffer) => (this.log += chunk.toString()));
    this.exited = once(this.#process, "close").then(() => (this.#running = false));
  }

  /** Resolves when it takes connections. */
  async ready(port: number, host: string): Promise<void> {
    for (;;) {
      try {
        (await Connection.open(port, host)).socket.destroy();
        return;
      } catch {
        if (!this.#running) throw new Error(`the proxy ended: ${this.log}`);
        await sleep(20);
      }
    }
  }

  /** Resolves when its log says this. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.log)) {
      if (!this.#running) throw new Error(`the proxy ended: ${this.log}`);
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.exited;
  }
}
