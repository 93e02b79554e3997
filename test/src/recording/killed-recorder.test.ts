import { once } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { seededRandom } from "../seeded-random.js";
import { recordedRows } from "./recorded-rows.js";
import { RunningRecorder } from "./running-recorder.js";

const KILLS = 10;
const LANES = 2;
const MAX_MS = 1500;

t.setTimeout(300_000);

await t.test(
  `after each of ${KILLS} kills the files have what was shown, in whole lines, up to a moment`,
  async (t) => {
    const folder = t.testdir({ "rec 0": {}, "rec 1": {} });
    const random = seededRandom(9);
    const lost: number[] = [];

    const lane = async (number: number): Promise<void> => {
      const rec = `${folder}/rec ${number}`;
      const expected = new Set<number>();
      let next = 1;
      for (let kill = 0; kill < KILLS / LANES; kill++) {
        const recorder = new RunningRecorder(t, rec);
        await recorder.opened();
        await recorder.tell({ do: "show-on", from: next });
        await sleep(random() * MAX_MS);
        recorder.process.kill("SIGKILL");
        const { stdout } = recorder.process;
        await Promise.all([recorder.exited, once(stdout!, "close")]);
        const said = recorder.lines.findLast(({ showing }) => showing !== undefined);
        const showing = said?.showing ?? next - 1;

        const successor = new RunningRecorder(t, rec);
        await successor.opened();
        await successor.tell({ do: "close" });
        t.same(
          readdirSync(rec).filter((name) => name.startsWith("open-")),
          [],
        );
        // Throws where a line is torn.
        const rows = recordedRows(rec, "impressions");
        t.ok(
          rows.every((row) => row[3] === "1" && row[2] === "1"),
          "each once",
        );
        const campaigns = new Set(rows.map((row) => Number(row[1])));
        t.equal(campaigns.size, rows.length, "none twice");
        const last = Math.max(next - 1, ...campaigns);
        for (let campaign = next; campaign <= last; campaign++) expected.add(campaign);
        t.same(campaigns, expected, "without a gap");
        t.ok(last <= showing, `${last} of ${showing}: never more than was shown`);
        t.ok(last - next + 1 >= (said?.recorded ?? 0), "what it said to have written is there");
        lost.push(showing - last);
        next = showing + 1;
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    t.equal(lost.length, KILLS);
    t.comment(`lost: ${lost.join(", ")}, of about 4 a millisecond`);
  },
);
