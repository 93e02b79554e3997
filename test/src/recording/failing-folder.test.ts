import { spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { metricsOf } from "../admin/metric.js";
import { inEveryPeriod, range } from "../small-index.js";
import { recordingFolders, RecordingServer } from "./recording-server.js";
import { RecordedVisitors } from "./recorded-visitors.js";
import { hasAll } from "./seen-and-recorded.js";

const CELLS = [1, 2].flatMap((campaign) => inEveryPeriod({ campaign, converting: range(100, 111) }));

t.setTimeout(300_000);

const visitorsOf = ({ port }: RecordingServer): RecordedVisitors =>
  new RecordedVisitors({ ports: [port], visitors: 4, campaigns: [1, 2], seed: 5 });

const CONVERSION = { conversion_id: "order 1", click_id: "none", revenue: "1" };

/** Everybody is told, visits go on, and advertisers are to send again what cannot be recorded. */
async function isFailing(t: Test, server: RecordingServer, visitors: RecordedVisitors, reason: RegExp): Promise<void> {
  const { failure } = await server.until((recording) => recording.failure !== undefined);
  t.match(failure, reason);
  t.equal((await metricsOf(server.adminPort)).get("billboard_recording_failing"), 1);
  t.equal(await server.convert([CONVERSION]), 503);
  await visitors.more(500);
  t.match((await server.recording()).failure, reason);
}

/** All that was seen is written, also what came while it could not be. */
async function works(t: Test, server: RecordingServer, { shown, clicked, failures }: RecordedVisitors): Promise<void> {
  t.same(failures, []);
  const { failure, dropped } = await server.until(
    ({ recorded }) => recorded.impressions >= shown.length && recorded.clicks >= clicked.length,
  );
  t.same([failure, dropped], [undefined, { impressions: 0, clicks: 0 }]);
  t.equal((await metricsOf(server.adminPort)).get("billboard_recording_failing"), 0);
}

await t.test("while the folder is gone and a file in its place, visits go on; nothing is lost", async (t) => {
  const folders = recordingFolders(t.testdir(), CELLS);
  const { record } = folders;
  const server = await new RecordingServer(t, folders).opened();
  const visitors = visitorsOf(server);
  await visitors.more(500);
  // One that is only removed is made again at once; its lock and its name are the server's still.
  const away = `${record} away`;
  renameSync(record, away);
  await server.logged("folder-made");
  await visitors.more(500);
  const gone: string[] = [];
  const isReplaced = (): boolean => {
    try {
      writeFileSync(record, "", { flag: "wx" });
      return true;
    } catch (error) {
      // The server has made it again between the two calls.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return false;
    }
  };
  do {
    gone.push(`${record} gone ${gone.length}`);
    renameSync(record, gone.at(-1)!);
  } while (!isReplaced());
  await isFailing(t, server, visitors, /ENOTDIR|EEXIST|is a file, expected a folder/);
  rmSync(record);
  await server.logged("works");
  await visitors.more(500);
  await visitors.stop();
  await works(t, server, visitors);
  t.equal(await server.convert([CONVERSION]), 202);
  t.equal(await server.stop(), 0);
  const { recordingStates: states } = server;
  t.same(
    states.filter((state) => state !== "folder-made"),
    ["begun", "failing", "works"],
    "said once a change",
  );

  // What is left there is closed by whoever records there next.
  const left = [away, ...gone];
  for (const folder of left) {
    const next = await new RecordingServer(t, { ...folders, record: folder }).opened();
    t.equal(await next.stop(), 0);
  }
  hasAll(t, [record, ...left], visitors);
});

/** A name space of its own, where a user who is not root may mount too, and which is gone with its last process. */
const NAME_SPACES = [
  ["unshare", "--mount"],
  ["unshare", "--user", "--map-root-user", "--mount"],
] as const;
const NAME_SPACE = NAME_SPACES.find(
  ([program, ...words]) =>
    spawnSync(program, [...words, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]).status === 0,
);

class OnSmallDisk extends RecordingServer {
  protected override get command(): readonly [string, ...string[]] {
    return [
      ...NAME_SPACE!,
      "sh",
      "-c",
      'mount -t tmpfs -o size=1m tmpfs "$DISK" || exit 90; exec "$@"',
      "sh",
      ...super.command,
    ];
  }
}

/** Leaves so many bytes free beside it. */
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

await t.test("while the disk is full (ENOSPC), visits go on; with room again, nothing is lost", async (t) => {
  if (NAME_SPACE === undefined) {
    t.comment("no small disk can be mounted here: the test before, with a folder that is none, stands for this one");
    return;
  }
  const folder = t.testdir({ disk: {} });
  const folders = recordingFolders(folder, CELLS);
  const disk = join(folder, "disk");
  const server = await new OnSmallDisk(t, { ...folders, record: join(disk, "rec") }, { DISK: disk }).opened();
  // As the server sees it.
  const seen = `/proc/${server.process.pid}/root${disk}`;
  const visitors = visitorsOf(server);
  for (const room of [0, 8192]) {
    await visitors.more(500);
    fill(join(seen, "filling"), room);
    await isFailing(t, server, visitors, /^ENOSPC: /);
    rmSync(join(seen, "filling"));
    await server.logged("works");
  }
  await visitors.stop();
  await works(t, server, visitors);
  t.equal(await server.convert([CONVERSION]), 202);
  t.same(server.recordingStates, ["begun", "failing", "works", "failing", "works"], "said once a change");
  // The disk is gone with the process; what is still open is closed by the next, elsewhere.
  cpSync(join(seen, "rec"), folders.record, { recursive: true });
  server.process.kill("SIGKILL");
  await server.exited;
  const next = await new RecordingServer(t, folders).opened();
  t.equal(await next.stop(), 0);
  hasAll(t, [folders.record], visitors);
});
