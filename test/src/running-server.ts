/** The server as a process of its own, as it is shipped. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { BILLBOARD, bareProgram } from "./billboard.js";
import { ENGINE } from "./server/tested-engine.js";

/** One event of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

export class RunningServer {
  readonly process: ChildProcess;
  readonly log: LogLine[] = [];
  readonly exited: Promise<number | null>;
  /** What else went to standard output, and standard error. */
  text = "";
  #onLine: () => void = () => undefined;
  #heard = 0;

  constructor(environment: Readonly<Record<string, string>>, ...options: string[]) {
    const env = { PATH: process.env["PATH"], ENGINE, HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "0", ...environment };
    const [program, ...words] = this.command;
    this.process = spawn(program, [...words, ...options], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.exited = once(this.process, "close").then(([code]) => code as number | null);
    createInterface({ input: this.process.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) this.log.push(JSON.parse(line) as LogLine);
      else this.text += `${line}\n`;
      this.#onLine();
    });
    this.process.stderr!.on("data", (chunk: Buffer) => {
      this.text += chunk.toString();
      this.#onLine();
    });
  }

  /** The words that start it. */
  protected get command(): readonly [string, ...string[]] {
    return [process.execPath, BILLBOARD, "serve"];
  }

  /** What was logged as more than information: by pino's numbers, 40 is a warning. */
  get warnings(): readonly LogLine[] {
    return this.log.filter(({ level }) => Number(level) >= 40);
  }

  /** Resolves when `text` has these words. */
  async said(words: string): Promise<void> {
    while (!this.text.includes(words)) await this.#heardMore(words);
  }

  /** The next event of this name that no call has answered with yet. */
  async next(event: string): Promise<LogLine> {
    for (;;) {
      while (this.#heard < this.log.length) {
        const line = this.log[this.#heard++]!;
        if (line.event === event) return line;
      }
      await this.#heardMore(event);
    }
  }

  async #heardMore(awaited: string): Promise<void> {
    const heard = new Promise<void>((resolve) => (this.#onLine = resolve));
    const ended = this.exited.then((code) => {
      throw new Error(`the server ended with ${String(code)} before "${awaited}": ${this.text}`);
    });
    await Promise.race([heard, ended]);
  }

  /** The port, once it is open. */
  async ready(): Promise<number> {
    return Number((await this.next("ready"))["port"]);
  }

  async stop(): Promise<number | null> {
    this.process.kill("SIGTERM");
    return this.exited;
  }
}

/**
 * Without the instruments of the test runner, which would be a part of what is measured, or slow 20,000 requests down.
 */
export class BareServer extends RunningServer {
  protected override get command(): readonly [string, ...string[]] {
    return bareProgram(BILLBOARD, "serve");
  }
}
