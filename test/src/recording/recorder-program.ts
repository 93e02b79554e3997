/**
 * A process that records, told by lines of JSON on its standard input what to do; it says by lines of JSON what it logs
 * and what it has done.
 */
import { cpSync, existsSync, openSync, rmSync, statSync, truncateSync, writeSync, closeSync } from "node:fs";
import { createInterface } from "node:readline";
import { pino } from "pino";
import { Recorder } from "../../../src/recording/recorder.js";
import { newRing, RingWriter } from "../../../src/recording/ring.js";

export type Command =
  /** Impressions of these campaigns, each once. */
  | { readonly do: "show"; readonly from: number; readonly to: number }
  | { readonly do: "click"; readonly campaign: number; readonly id: readonly number[] }
  | { readonly do: "convert"; readonly id: string; readonly click?: string }
  /** Shows campaigns from this number on, every few milliseconds, and says each number before it may be in a file. */
  | { readonly do: "show-on"; readonly from: number }
  | { readonly do: "state" }
  /** Leaves so many bytes free beside `path`. */
  | { readonly do: "fill"; readonly path: string; readonly room: number }
  | { readonly do: "remove"; readonly path: string }
  | { readonly do: "copy"; readonly to: string }
  | { readonly do: "close" };

const say = (line: object): void => {
  writeSync(1, `${JSON.stringify(line)}\n`);
};

const folder = process.argv[2]!;
const ring = newRing();
const writer = new RingWriter(ring);

const show = (campaign: number): void => {
  writer.impression(Math.floor(Date.now() / 1000), campaign, 1);
};

function fill(path: string, room: number): void {
  const file = openSync(path, "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
  truncateSync(path, statSync(path).size - room);
}

async function carryOut(recorder: Recorder, command: Command): Promise<void> {
  switch (command.do) {
    case "show":
      for (let campaign = command.from; campaign <= command.to; campaign++) show(campaign);
      break;
    case "show-on": {
      let next = command.from;
      setInterval(() => {
        say({ showing: next + 19, recorded: recorder.state.recorded.impressions });
        for (const end = next + 20; next < end; next++) show(next);
      }, 5);
      break;
    }
    case "click":
      writer.click(Math.floor(Date.now() / 1000), command.campaign, 1, Uint32Array.from(command.id));
      break;
    case "convert": {
      const { id: conversionId, click: clickId = "a" } = command;
      await recorder.conversions([{ conversionId, clickId, revenue: "1.000000" }]);
      break;
    }
    case "fill":
      fill(command.path, command.room);
      break;
    case "remove":
      rmSync(command.path);
      break;
    case "copy":
      cpSync(folder, command.to, { recursive: true, filter: (path) => existsSync(path) });
      break;
    case "close":
      await recorder.close(30_000);
      break;
    case "state":
  }
}

try {
  const log = pino({ base: null }, { write: (line: string) => writeSync(1, line) });
  const options = { folder, syncSeconds: 1, timeZone: "UTC", periods: () => 4, rings: [ring], log };
  const recorder = await Recorder.open(options);
  say({ done: "open" });
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line) as Command;
    const error: unknown = await carryOut(recorder, command).catch((reason: unknown) => reason);
    say({ done: command.do, error: error instanceof Error ? error.message : undefined, state: recorder.state });
    if (command.do === "close") break;
  }
  process.exit();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
