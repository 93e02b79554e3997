/** Servers that record, as they are shipped, and what they need. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Test } from "tap";
import type { RecordingStatus, Status } from "../../../src/admin/status-json.js";
import type { BannerText } from "../../../build/images/folder.js";
import { publish } from "../published.js";
import { RunningServer, type LogLine } from "../running-server.js";
import { smallIndex, type SmallCell } from "../small-index.js";

/** Below a folder of the test's own: an index whose banners have links, a key, and where it records. */
export interface RecordingFolders {
  readonly index: string;
  readonly key: string;
  readonly record: string;
}

export function recordingFolders(folder: string, cells: readonly SmallCell[], periods = 4): RecordingFolders {
  const folders = { index: join(folder, "index", "index.bin"), key: join(folder, "key"), record: join(folder, "rec") };
  mkdirSync(dirname(folders.index));
  publish(folders.index, smallIndex(cells, periods, new Map(), linksOf(cells)));
  writeFileSync(folders.key, `${"5a".repeat(32)}\n`, { mode: 0o600 });
  return folders;
}

/** To each banner of the cells. */
function linksOf(cells: readonly SmallCell[]): ReadonlyMap<number, BannerText> {
  const banners = cells.flatMap(({ converting = [], clicked = [], pool = [] }) => [...converting, ...clicked, ...pool]);
  return new Map(banners.map((banner) => [banner, { alt: "", link: `https://shop.example/${banner}` }]));
}

export interface ConversionSent {
  readonly conversion_id: string;
  readonly click_id: string;
  readonly revenue: string;
}

/** Ends with the test, however that ends. @param environment goes before what it would have */
export class RecordingServer extends RunningServer {
  #ports: LogLine | undefined;

  constructor(
    t: Pick<Test, "teardown">,
    { index, key, record }: RecordingFolders,
    environment: Readonly<Record<string, string>> = {},
  ) {
    const recording = { RECORD: record, RECORD_KEY_FILE: key, CONVERSION_PORT: "0" };
    super({ INDEX_FILE: index, ...recording, WORKERS: "2", TIME_ZONE: "UTC", ...environment });
    t.teardown(() => this.process.kill("SIGKILL"));
  }

  /** Resolves when its ports are open. */
  async opened(): Promise<this> {
    this.#ports = await this.next("ready");
    return this;
  }

  get port(): number {
    return Number(this.#ports!["port"]);
  }

  get conversionPort(): number {
    return Number(this.#ports!["conversionPort"]);
  }

  get adminPort(): number {
    return Number(this.#ports!["adminPort"]);
  }

  /** What the administration port says. */
  async recording(): Promise<RecordingStatus> {
    const status = (await (await fetch(`http://127.0.0.1:${this.adminPort}/status.json`)).json()) as Status;
    return status.recording!;
  }

  /** Tells it of conversions, as an advertiser's server does. @returns the status */
  async convert(rows: readonly ConversionSent[]): Promise<number> {
    const headers = { "Content-Type": "application/json" };
    const address = `http://127.0.0.1:${this.conversionPort}/conversions`;
    const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(rows) });
    await response.arrayBuffer();
    return response.status;
  }

  /** Resolves when recording has come so far. */
  async until(isIt: (recording: RecordingStatus) => boolean): Promise<RecordingStatus> {
    for (;;) {
      const recording = await this.recording();
      if (isIt(recording)) return recording;
      await sleep(20);
    }
  }

  /** Resolves when the log says so, after what was waited for before. */
  async logged(state: string): Promise<void> {
    while ((await this.next("recording"))["state"] !== state);
  }

  /** The states of recording that the log tells, in order. */
  get recordingStates(): readonly unknown[] {
    return this.log.filter(({ event }) => event === "recording").map(({ state }) => state);
  }
}
