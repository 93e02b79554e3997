import t from "tap";
import { tableOf } from "../../../bench/recording/report.js";
import { runRecording } from "../../../bench/recording/run-recording.js";
import { usableCores } from "../../../bench/measure/cores.js";
import { missing } from "../../needed-programs.js";
import { recordedRows } from "../../src/recording/recorded-rows.js";

await t.test(
  "a server that records is measured beside one that does not",
  { skip: missing("taskset", "wrk") },
  async (t) => {
    const folder = t.testdir({});
    const surroundings = {
      cores: usableCores(),
      folder,
      signal: new AbortController().signal,
      log: () => undefined,
    };
    const plan = { rounds: 1, seconds: 0.3, connections: 2, visits: 100 };
    const results = await runRecording(plan, surroundings);
    const [round] = results.rounds;
    t.same(Object.keys(round!).sort(), ["off", "off-again", "on"]);
    for (const { saturation, latency } of Object.values(round!)) {
      t.ok(saturation.requestsPerSecond > 0);
      t.ok(latency[0]!.p99 > 0);
    }
    t.ok(recordedRows(`${folder}/recorded`, "impressions").length > 0, "it has recorded");
    t.match(tableOf(results), /^\| requests a second +\| +[\d,]+ \| +[\d,]+ \| [\d.,]+ \([\d.,]+ to [\d.,]+\) +\|/m);
  },
);
