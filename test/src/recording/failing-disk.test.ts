import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { recordedFiles, recordedRows } from "./recorded-rows.js";
import { RunningRecorder } from "./running-recorder.js";

t.setTimeout(120_000);

function hasEachOnce(t: Test, folder: string, campaigns: number): void {
  const rows = recordedRows(folder, "impressions").map((row) => `${row[1]} ${row[3]}`);
  const expected = Array.from({ length: campaigns }, (_, at) => `${at + 1} 1`);
  t.equal(rows.length, campaigns);
  t.same(rows.sort(), expected.sort());
}

await t.test("a write that fails midway (EFBIG) leaves no torn line, and is made up for", async (t) => {
  const folder = t.testdir();
  // No file may be larger than 8 kB until the limit is lifted.
  const recorder = new RunningRecorder(t, folder, ["sh", "-c", `trap '' XFSZ; ulimit -S -f 16; exec "$@"`, "sh"]);
  await recorder.opened();
  await recorder.tell({ do: "show", from: 1, to: 100 });
  t.same((await recorder.tell({ do: "convert", id: "first" })).error, undefined);
  await recorder.tell({ do: "show", from: 101, to: 1000 });
  t.match((await recorder.logged("failing")).reason, /^EFBIG: /);
  await recorder.tell({ do: "show", from: 1001, to: 1100 });
  const failing = await recorder.tell({ do: "convert", id: "refused" });
  t.match(failing.error, /^EFBIG: /);
  t.match(failing.state.failure, /^EFBIG: /);
  t.ok(failing.state.recorded.impressions < 1000);
  const lifted = spawnSync("prlimit", ["--pid", String(recorder.process.pid), "--fsize=unlimited:unlimited"]);
  t.equal(lifted.status, 0);
  await recorder.logged("works");
  const { error, state } = await recorder.tell({ do: "convert", id: "second" });
  t.same([error, state.failure], [undefined, undefined]);
  const closed = await recorder.tell({ do: "close" });
  t.same(closed.state.recorded, { impressions: 1100, clicks: 0, conversions: 2 });
  t.equal(await recorder.exited, 0);
  hasEachOnce(t, folder, 1100);
  t.same(
    recordedRows(folder, "conversions").map((row) => row[1]),
    ["first", "second"],
  );
  t.same(recorder.states, ["begun", "failing", "works"], "said once a change");
});

/** A name space of its own, where a user who is not root may mount too, and which is gone with its last process. */
const NAME_SPACES = [
  ["unshare", "--mount"],
  ["unshare", "--user", "--map-root-user", "--mount"],
];
const NAME_SPACE = NAME_SPACES.find(
  ([program = "", ...words]) =>
    spawnSync(program, [...words, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]).status === 0,
);

await t.test("a full disk (ENOSPC) stops recording until there is room; nothing is lost", async (t) => {
  if (NAME_SPACE === undefined) {
    t.comment("no small disk can be mounted here: the test before, with writes that fail, stands for this one");
    return;
  }
  const folder = t.testdir();
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const script = `mount -t tmpfs -o size=1m tmpfs "${disk}" || exit 90; exec "$@"`;
  const recorder = new RunningRecorder(t, join(disk, "rec"), [...NAME_SPACE, "sh", "-c", script, "sh"]);
  await recorder.opened();
  const filling = join(disk, "filling");
  let shown = 0;
  for (const room of [0, 4096, 12_288]) {
    const start = recorder.lines.length;
    await recorder.tell({ do: "fill", path: filling, room });
    await recorder.tell({ do: "show", from: shown + 1, to: shown + 2000 });
    shown += 2000;
    t.match((await recorder.logged("failing", start)).reason, /^ENOSPC: /);
    t.match((await recorder.tell({ do: "convert", id: `refused with ${room}` })).error, /^ENOSPC: /);
    await recorder.tell({ do: "remove", path: filling });
    await recorder.logged("works", start);
    t.same((await recorder.tell({ do: "convert", id: `after ${room}` })).error, undefined);
  }
  const { state } = await recorder.tell({ do: "state" });
  t.same(state.dropped, { impressions: 0, clicks: 0 });
  const out = join(folder, "out");
  // The disk is gone with the process; what is still open is closed by the next recorder, elsewhere.
  await recorder.tell({ do: "copy", to: out });
  recorder.process.kill("SIGKILL");
  await recorder.exited;
  const next = new RunningRecorder(t, out);
  await next.opened();
  await next.tell({ do: "close" });
  hasEachOnce(t, out, shown);
  t.same(
    recordedRows(out, "conversions").map((row) => row[1]),
    ["after 0", "after 4096", "after 12288"],
  );
  t.ok(recordedFiles(out, "impressions").length > 0);
});
