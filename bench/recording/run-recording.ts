/** Measures one server that records and one that does not, in rounds in which both meet the same moments. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../../build/stages.js";
import { loadIndex } from "../../src/index/load.js";
import { billboardOn } from "../contenders/contender.js";
import { makeFixture } from "../contenders/fixture.js";
import { environment, type Environment } from "../environment.js";
import { stayOn } from "../measure/cores.js";
import { measureLatency } from "../measure/latency.js";
import { measureRounds, type Measuring, type Round } from "../measure/rounds.js";
import type { Server } from "../measure/running-server.js";
import { campaignVisits, writeVisits } from "../measure/traffic.js";

export const OFF = "off";
/** The same server once more: how it differs from itself is the noise of the measurement. */
export const AGAIN = "off-again";
export const ON = "on";

export interface RecordingPlan {
  readonly rounds: number;
  /** Of each server in each round. */
  readonly seconds: number;
  readonly connections: number;
  /** Visits before they repeat. */
  readonly visits: number;
}

export interface RecordingResults {
  readonly environment: Environment;
  readonly plan: RecordingPlan;
  readonly rounds: readonly Round[];
}

const WARM_UP_SECONDS = 1;
/** Of its own saturation in the same round. */
export const LEVEL = 0.5;

export async function runRecording(
  plan: RecordingPlan,
  { folder, ...measuring }: Omit<Measuring, "measureLatency"> & { readonly folder: string },
): Promise<RecordingResults> {
  const { cores, log } = measuring;
  const now = environment();
  log("making the data");
  const servers = await serversOf(plan, folder);
  const { seconds } = plan;
  const durations = { warmUp: WARM_UP_SECONDS, saturation: seconds, latency: seconds };
  const rounds: Round[] = [];
  stayOn([cores.driving]);
  try {
    const all = measureRounds(servers, durations, { ...plan, levels: [LEVEL] }, { ...measuring, measureLatency });
    for await (const round of all) rounds.push(round);
  } finally {
    stayOn(cores.all);
  }
  return { environment: now, plan, rounds };
}

async function serversOf({ visits: count }: RecordingPlan, folder: string): Promise<readonly Server[]> {
  const index = await linkedIndex(folder);
  const visits = join(folder, "visits");
  await writeVisits(campaignVisits(await loadIndex(index), { count, cookies: 1 }), visits);
  const key = join(folder, "key");
  await writeFile(key, `${"5a".repeat(32)}\n`, { mode: 0o600 });
  const recording = { RECORD: join(folder, "recorded"), RECORD_KEY_FILE: key };
  return [
    { name: OFF, label: "not recording", visits, start: billboardOn(index) },
    { name: AGAIN, label: "not recording, again", visits, start: billboardOn(index) },
    { name: ON, label: "recording", visits, start: billboardOn(index, recording) },
  ];
}

/** A page of a banner without a link has no id, which would leave out a part of what recording costs. */
async function linkedIndex(folder: string): Promise<string> {
  const { data, index } = await makeFixture(folder);
  const { bannerIds } = await loadIndex(index);
  const rows = Array.from(bannerIds, (banner) => `${banner},Banner ${banner},https://shop.example/${banner}\n`);
  const banners = join(data, "banners");
  await writeFile(join(banners, "banners.csv"), `banner_id,alt,link\n${rows.join("")}`);
  await build({ data, banners, out: join(folder, "index"), onBadRow: "stop" });
  return index;
}
