import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t, { type Test } from "tap";
import { seededRandom } from "../seeded-random.js";
import { inEveryPeriod, range } from "../small-index.js";
import { recordedFiles, type Kind } from "./recorded-rows.js";
import { recordingFolders, RecordingServer } from "./recording-server.js";
import { RecordedVisitors } from "./recorded-visitors.js";
import { recordedSums, shownSums, type Rows } from "./seen-and-recorded.js";

const KILLS = 100;
/** Side by side, each in a folder of its own. */
const LANES = [1, 2];
const MAX_LOAD_MS = 600;
/** Of one in ten: longer than what a kill may lose. */
const LONG_LOAD_MS = 3000;
const LONG_EVERY = 10;
/**
 * Of half the long loads. 0.6 s are promised, where the threads get the processor when they ask for it; so what is
 * asked of each kill goes by what the server itself said to have written.
 */
const MAX_MEDIAN_LOSS_MS = 2000;

const CELLS = [1, 2].flatMap((campaign) =>
  inEveryPeriod({ campaign, converting: range(100, 111), pool: range(200, 203) }),
);

t.setTimeout(600_000);

/** What was seen of a server that was killed. */
interface Life {
  readonly visitors: RecordedVisitors;
  /** What it said to have written. */
  readonly told: { readonly impressions: number; readonly clicks: number };
  readonly killedAt: number;
  readonly isLong: boolean;
}

/** @param wait until the moment of the kill */
async function killed(
  server: RecordingServer,
  seed: number,
  wait: (visitors: RecordedVisitors) => Promise<unknown>,
  isLong = false,
): Promise<Life> {
  const visitors = new RecordedVisitors({ ports: [server.port], visitors: 4, campaigns: [1, 2], seed });
  await wait(visitors);
  const { recorded: told } = await server.recording();
  const faults = [...visitors.failures, ...server.warnings.filter(({ state }) => state !== "recovered")];
  visitors.expectCut();
  const killedAt = performance.now();
  server.process.kill("SIGKILL");
  await Promise.all([server.exited, visitors.gone()]);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return { visitors, told, killedAt, isLong };
}

/** Reads each file of the folder once: that of the life before. */
class ClosedFiles {
  readonly #folder: string;
  readonly #known = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  next(kind: Kind): Rows {
    // Throws where a line is torn.
    const files = recordedFiles(this.#folder, kind).filter(({ name }) => !this.#known.has(name));
    for (const { name } of files) this.#known.add(name);
    return files.flatMap(({ rows }) => rows);
  }
}

/** @returns how many were shown and are not in the rows */
function judgeImpressions(t: Test, rows: Rows, { visitors, told }: Life): number {
  const recorded = recordedSums(rows);
  const shown = shownSums(visitors.shown);
  const never = new Map<number, number>();
  let missing = 0;
  let sum = 0;
  for (const key of new Set([...recorded.keys(), ...shown.keys()])) {
    const [count = 0, expected = 0] = [recorded.get(key), shown.get(key)];
    const campaign = Number(key.split(" ")[0]);
    sum += count;
    missing += Math.max(0, expected - count);
    never.set(campaign, (never.get(campaign) ?? 0) + Math.max(0, count - expected));
  }
  // Those whose answer was lost with the server may be there, and may not.
  for (const [campaign, count] of never)
    if (count > (visitors.pendingVisits.get(campaign) ?? 0))
      t.fail(`${count} of campaign ${campaign} were never shown`);
  if (sum < told.impressions) t.fail(`it said to have written ${told.impressions} impressions, and ${sum} are there`);
  return missing;
}

/** @returns how many were clicked and are not in the rows */
function judgeClicks(t: Test, rows: Rows, { visitors, told }: Life): number {
  const recorded = new Map(rows.map(([, id = "", campaign, banner]) => [id, `${campaign} ${banner}`]));
  if (recorded.size !== rows.length) t.fail("a click is there twice");
  if (recorded.size < told.clicks)
    t.fail(`it said to have written ${told.clicks} clicks, and ${recorded.size} are there`);
  // A connection is one thread's, whose events come in order: what is lost of them is the end.
  const ended = new Set<number>();
  let missing = 0;
  for (const { id, campaign, banner, visitor } of visitors.clicked) {
    const pair = recorded.get(id);
    recorded.delete(id);
    if (pair === undefined) {
      missing++;
      ended.add(visitor);
    } else if (pair !== `${campaign} ${banner}`) t.fail(`${id} of ${campaign} ${banner} is recorded as of ${pair}`);
    else if (ended.has(visitor)) t.fail(`${id} is there, and a click before it is not`);
  }
  for (const id of recorded.keys()) if (!visitors.pendingClicks.has(id)) t.fail(`${id} was never clicked`);
  return missing;
}

/** How long before the kill the first of what is lost was shown. */
function lossMs({ visitors, killedAt }: Life, missing: number): number {
  return missing === 0 ? 0 : Math.round(killedAt - visitors.shown.at(-missing)!.moment);
}

await t.test(`after each of ${KILLS} kills the files have what was shown and clicked, up to a moment`, async (t) => {
  const lossesMs: number[] = [];
  const sums = { shown: 0, clicked: 0, lost: 0 };
  const folder = t.testdir(Object.fromEntries(LANES.map((seed) => [seed, {}])));

  const lane = async (seed: number): Promise<void> => {
    const folders = recordingFolders(join(folder, String(seed)), CELLS);
    const files = new ClosedFiles(folders.record);
    const random = seededRandom(seed);
    /** The next server has closed its files. */
    const judge = (life: Life): { impressions: number; clicks: number } => {
      const impressions = judgeImpressions(t, files.next("impressions"), life);
      const clicks = judgeClicks(t, files.next("clicks"), life);
      if (life.isLong) lossesMs.push(lossMs(life, impressions));
      sums.shown += life.visitors.shown.length;
      sums.clicked += life.visitors.clicked.length;
      sums.lost += impressions + clicks;
      return { impressions, clicks };
    };

    let life: Life | undefined;
    for (let kill = 1; kill < KILLS / LANES.length; kill++) {
      const server = await new RecordingServer(t, folders).opened();
      if (life !== undefined) judge(life);
      const isLong = kill % LONG_EVERY === 0;
      const loadMs = isLong ? LONG_LOAD_MS : random() * MAX_LOAD_MS;
      life = await killed(server, 100 * seed + kill, () => sleep(loadMs), isLong);
    }
    const last = await new RecordingServer(t, folders).opened();
    judge(life!);
    const idle = await killed(last, 100 * seed, async (visitors) => {
      await visitors.more(200);
      await visitors.stop();
      const [impressions, clicks] = [visitors.shown.length, visitors.clicked.length];
      await last.until(({ recorded }) => recorded.impressions === impressions && recorded.clicks === clicks);
    });
    const end = await new RecordingServer(t, folders).opened();
    t.same(judge(idle), { impressions: 0, clicks: 0 }, "when all is written, nothing is lost");
    t.equal(await end.stop(), 0);
    const others = readdirSync(folders.record).filter((name) => !/^(impressions|clicks)-.*\.csv$/.test(name));
    t.same(others, ["server"]);
  };
  await Promise.all(LANES.map(lane));

  lossesMs.sort((a, b) => a - b);
  const median = lossesMs[Math.floor(lossesMs.length / 2)]!;
  t.ok(median < MAX_MEDIAN_LOSS_MS, `of half the long loads more than ${median} ms are lost`);
  const { shown, clicked, lost } = sums;
  t.ok(shown > KILLS && clicked > KILLS, "there was a load");
  t.comment(`${shown} shown, ${clicked} clicked, ${lost} lost; of the long loads the last ${lossesMs.join(", ")} ms`);
});
