import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { VARIABLES } from "../../src/config.js";
import { ROOT } from "../../tools/docs/documents.js";
import { missing } from "../needed-programs.js";

const FOLDER = join(ROOT, "deploy/systemd");
const UNITS = readdirSync(FOLDER).filter((name) => /\.(service|timer)$/.test(name));

const textOf = (name: string): string => readFileSync(join(FOLDER, name), "utf8");

/** What a unit sets, in seconds. */
function secondsOf(unit: string, name: string): number {
  return Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(textOf(unit))![1]);
}

const defaultOf = (name: keyof typeof VARIABLES): number => Number(VARIABLES[name].default);

await t.test(
  "systemd finds nothing to say about the units, and little exposed",
  { skip: missing("systemd-analyze") },
  (t) => {
    // Billboard is not installed here, and a unit's program has to be there.
    const folder = t.testdir();
    for (const name of UNITS)
      writeFileSync(join(folder, name), textOf(name).replaceAll("/usr/bin/billboard", process.execPath));
    const analyze = (...words: string[]): { status: number | null; output: string } => {
      const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { cwd: folder, encoding: "utf8" });
      return { status, output: stdout + stderr };
    };
    t.equal(UNITS.length, 5);
    t.same(analyze("verify", ...UNITS.map((name) => `./${name}`)), { status: 0, output: "" });
    for (const name of UNITS.filter((name) => name.endsWith(".service"))) {
      const { output } = analyze("security", "--offline=true", "--no-pager", `./${name}`);
      const exposure = Number(/Overall exposure level for \S+: (\d+\.\d+)/.exec(output)?.[1]);
      t.ok(exposure <= 2, `${name}: ${exposure}`);
    }
    t.end();
  },
);

await t.test("systemd waits longer than the server does", (t) => {
  const unit = "billboard.service";
  // Two more seconds are for workers that end late, and two for those that hang.
  t.ok(secondsOf(unit, "TimeoutStopSec") > defaultOf("SHUTDOWN_DELAY") + defaultOf("SHUTDOWN_TIMEOUT") + 4);
  // The last beat may have come half its time before a worker hangs, which is noticed after three seconds.
  t.ok(secondsOf(unit, "WatchdogSec") / 2 > defaultOf("HANG_TIMEOUT") + 3);
  t.end();
});

await t.test("every setting of the environment file is one", (t) => {
  const named = [...textOf("billboard.env").matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name!);
  t.ok(named.length > 5);
  const ofBuilds = ["billboard-build.service", "billboard-cycle.service"].flatMap((unit) =>
    [...textOf(unit).matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name]) => name!),
  );
  for (const name of named) t.ok([...Object.keys(VARIABLES), ...ofBuilds].includes(name), name);
  t.end();
});
