import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readConfig, VARIABLES } from "../../src/config.js";
import { conversionSettings, recordingSettings } from "../../src/intake/settings.js";
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

/** The drop-in with all that stands in its comments. */
const RECORDING = textOf("recording.conf").replace(/^#(?=\w+=)/gm, "");
/** What it sets in the environment, where secrets lie in this folder. */
const recordingEnvironment = (secrets: string): Record<string, string> =>
  Object.fromEntries(
    [...RECORDING.matchAll(/^Environment=(.*)$/gm)]
      .flatMap(([, settings = ""]) => settings.split(" "))
      .map((setting) => setting.replace("%d", secrets).split("=") as [string, string]),
  );

await t.test(
  "a server that records is exposed no more, and may write to its folder alone",
  { skip: missing("systemd-analyze") },
  (t) => {
    const exposureOf = (name: string, dropIns: Readonly<Record<string, string>>): string => {
      const folder = join(t.testdirName, name);
      mkdirSync(join(folder, "billboard.service.d"), { recursive: true });
      const unit = textOf("billboard.service").replaceAll("/usr/bin/billboard", process.execPath);
      writeFileSync(join(folder, "billboard.service"), unit);
      for (const [file, text] of Object.entries(dropIns))
        writeFileSync(join(folder, "billboard.service.d", file), text);
      const analyze = (...words: string[]): string => {
        const { stdout, stderr } = spawnSync("systemd-analyze", words, { cwd: folder, encoding: "utf8" });
        return stdout + stderr;
      };
      t.equal(analyze("verify", "./billboard.service"), "");
      const report = analyze("security", "--offline=true", "--no-pager", "./billboard.service");
      return /Overall exposure level for \S+: (\d+\.\d+)/.exec(report)![1]!;
    };
    t.testdir({});
    t.equal(exposureOf("recording", { "recording.conf": RECORDING }), exposureOf("plain", {}));
    t.notMatch(textOf("billboard.service"), /^(StateDirectory|ReadWritePaths)=/m);
    t.same(RECORDING.match(/^(StateDirectory|ReadWritePaths)=.*$/gm), ["StateDirectory=billboard/record"]);
    t.equal(recordingEnvironment("")["RECORD"], "/var/lib/billboard/record");
    t.end();
  },
);

await t.test("the server takes the settings of the drop-in, and none of them without it", (t) => {
  const folder = t.testdir({});
  const names = [...RECORDING.matchAll(/^LoadCredential=([\w-]+):\/etc\/billboard\/\1$/gm)].map(
    ([, name = ""]) => name,
  );
  t.same(names, ["record-key", "conversion-token"]);
  for (const name of names) writeFileSync(join(folder, name), `${"5a".repeat(32)}\n`, { mode: 0o400 });
  const config = readConfig({}, recordingEnvironment(folder));
  t.match(recordingSettings(config), { folder: "/var/lib/billboard/record", key: Buffer.alloc(32, 0x5a) });
  t.match(conversionSettings(config), { host: "127.0.0.1", port: 8083, token: "5a".repeat(32) });
  for (const text of [textOf("billboard.service"), textOf("billboard.env")])
    t.notMatch(text, /^(Environment=)?(RECORD|CONVERSION)/m);
  t.end();
});

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
