/** Tells systemd whether visitors are served, reloads, the end, and that the server is alive: sd_notify(3). */
import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Logger } from "pino";
import { printable } from "../options/printable.js";

/**
 * Node.js has no datagram sockets of Unix, so that `systemd-notify` sends. A shell starts it for each line, since to
 * start a process from this one takes the longer the larger the index is: 90 ms at 2 GB, in which its memory is locked.
 * What is signalled to the whole unit or terminal must not end it: it ends with the server.
 */
const SENDER = `trap '' HUP INT TERM
tab=$(printf '\\t')
while IFS=$tab read -r state status; do
  systemd-notify "$state" \${status:+"STATUS=$status"}
done`;

export interface Supervision {
  /** Whether there is one who listens: NOTIFY_SOCKET. */
  readonly isNotified: boolean;
  /** Without a beat for so long, it restarts the server; 0 never: WATCHDOG_USEC. */
  readonly watchdogMs: number;
}

export class Notifier {
  readonly #supervision: Supervision;
  readonly #log: Logger;
  readonly #isAlive: () => boolean;
  #sender: ChildProcess | undefined;
  #beats: NodeJS.Timeout | undefined;
  #hasStopped = false;
  #lastError = "";

  /** @param isAlive asked before each beat of the watchdog, which is left out where it says no */
  constructor(supervision: Supervision, log: Logger, isAlive: () => boolean) {
    this.#supervision = supervision;
    this.#log = log;
    this.#isAlive = isAlive;
    // Before the index is in memory.
    if (supervision.isNotified) this.#tell("STATUS=loading the index");
  }

  ready(status: string): void {
    this.#tell("READY=1", status);
    const { isNotified, watchdogMs } = this.#supervision;
    if (!isNotified || watchdogMs === 0 || this.#beats !== undefined) return;
    this.#beats = setInterval(() => {
      if (this.#isAlive()) this.#tell("WATCHDOG=1");
    }, watchdogMs / 2).unref();
  }

  /** `ready` must follow. */
  reloading(): void {
    this.#tell("RELOADING=1", "reloading");
  }

  /** Nothing is told after it. */
  stopping(status: string): void {
    this.#tell("STOPPING=1", status);
    this.#hasStopped = true;
    clearInterval(this.#beats);
  }

  #tell(state: string, status = ""): void {
    if (!this.#supervision.isNotified || this.#hasStopped) return;
    try {
      this.#sender ??= this.#startSender();
      // There is no pipe where descriptors have run out, which "error" tells.
      this.#sender.stdin?.write(`${state}\t${printable(status)}\n`);
    } catch (error) {
      this.#warn((error as Error).message);
    }
  }

  #startSender(): ChildProcess {
    const sender: ChildProcess = spawn("sh", ["-c", SENDER], { stdio: ["pipe", "ignore", "pipe"] });
    const failed = (reason: string): void => {
      // The next line is told by another.
      if (this.#sender === sender) this.#sender = undefined;
      this.#warn(reason);
    };
    sender.on("error", ({ message }) => {
      failed(message);
    });
    sender.on("exit", (code, signal) => {
      failed(`the shell that starts it ended with ${signal ?? String(code)}`);
    });
    // Its exit tells.
    sender.stdin?.on("error", () => undefined);
    if (sender.stderr)
      createInterface({ input: sender.stderr }).on("line", (line) => {
        this.#warn(line);
      });
    // It must not keep the server up.
    sender.unref();
    for (const pipe of [sender.stdin, sender.stderr]) (pipe as Socket | null)?.unref();
    return sender;
  }

  #warn(reason: string): void {
    if (reason === this.#lastError) return;
    this.#lastError = reason;
    this.#log.warn({ event: "notify", reason }, `systemd was not told by systemd-notify: ${reason}`);
  }
}
