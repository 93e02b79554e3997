import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { findServer, removePidFile, writePidFile } from "../../../src/commands/pid-file.js";
import { RunningServer, SERVE } from "../running-server.js";
import { inEveryPeriod, smallIndex } from "../small-index.js";

const SIGNAL_SERVER = join(import.meta.dirname, "../../../src/commands/signal.js");

function signal(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SIGNAL_SERVER, ...words], { encoding: "utf8" });
  return { status, stdout, stderr };
}

await t.test("the running server is found, reloaded and stopped by its pid file", async (t) => {
  const dir = t.testdir();
  const pidFile = join(dir, "billboard.pid");
  const indexFile = join(dir, "index.bin");
  writeFileSync(indexFile, smallIndex(inEveryPeriod({ campaign: 1, converting: [1] })));
  const server = new RunningServer({ INDEX_FILE: indexFile, PID_FILE: pidFile });
  await server.ready();
  const { pid } = server.process;
  t.equal(findServer(pidFile, SERVE), pid);

  t.match(signal("check", "--pid-file", pidFile), { status: 1, stderr: `process ${pid!} runs here already` });
  t.match(signal("reload", "--pid-file", pidFile), { status: 0, stdout: `process ${pid!} was asked` });
  t.match(await server.next("reload"), { result: "unchanged" });
  t.match(signal("stop", "--pid-file", pidFile), { status: 0, stdout: `process ${pid!} has ended` });
  t.equal(await server.exited, 0);
  t.notOk(existsSync(pidFile));

  t.match(signal("check", "--pid-file", pidFile), { status: 0, stderr: "" });
  t.match(signal("stop", "--pid-file", pidFile), { status: 0, stdout: "no server runs here" });
  t.match(signal("reload", "--pid-file", pidFile), { status: 0, stdout: "no server runs here" });
});

await t.test("a process that is not the server is never signalled", (t) => {
  const pidFile = join(t.testdir(), "billboard.pid");
  // This test's own process: a signal would end it.
  writeFileSync(pidFile, `${process.pid}\n`);
  t.equal(findServer(pidFile, SERVE), undefined);
  t.match(signal("stop", "--pid-file", pidFile), { status: 0, stdout: "no server runs here" });
  t.match(signal("reload", "--pid-file", pidFile), { status: 0, stdout: "no server runs here" });
  for (const text of ["", "0", "-1", "1e3", "no number", "99999999999"]) {
    writeFileSync(pidFile, text);
    t.equal(findServer(pidFile, SERVE), undefined, JSON.stringify(text));
  }
  t.end();
});

await t.test("a pid file goes with the process that it names, and with no other", (t) => {
  const pidFile = join(t.testdir(), "billboard.pid");
  writeFileSync(pidFile, "1\n");
  removePidFile(pidFile);
  t.ok(existsSync(pidFile), "another server has taken the file over");
  writePidFile(pidFile);
  removePidFile(pidFile);
  t.notOk(existsSync(pidFile));
  removePidFile(pidFile);
  t.throws(() => {
    writePidFile(join(pidFile, "none"));
  }, /^PID_FILE: .*billboard\.pid\/none cannot be written: ENOENT/);
  t.end();
});

await t.test("wrong usage is 2 and one line", (t) => {
  for (const words of [
    [],
    ["stop"],
    ["--pid-file", "x"],
    ["kill", "--pid-file", "x"],
    ["stop", "now", "--pid-file", "x"],
    ["stop", "--pid", "x"],
  ])
    t.match(signal(...words), { status: 2, stdout: "", stderr: /^signal-server: .+\n$/ }, words.join(" "));
  t.end();
});
