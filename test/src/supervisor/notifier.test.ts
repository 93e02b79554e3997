import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { missing } from "../../needed-programs.js";
import { findProgram } from "../../../bench/contenders/programs.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";
import { RunningServer } from "../running-server.js";
import { SupervisorSocket } from "./supervisor-socket.js";

const FAULT = pathToFileURL(join(import.meta.dirname, "../../../tools/soak/fault.js")).href;
const [FIRST_SERVED, SECOND_SERVED] = [generationOf(FIRST), generationOf(SECOND)];

const skip = missing("systemd-notify", "perl");

function start(t: Test, environment: Readonly<Record<string, string>>): { server: RunningServer; file: string } {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2", ...environment });
  t.teardown(() => server.process.kill("SIGKILL"));
  return { server, file };
}

async function open(t: Test, name: string): Promise<SupervisorSocket> {
  const socket = await SupervisorSocket.open(name);
  t.teardown(() => {
    socket.close();
  });
  return socket;
}

const childrenOf = ({ process: { pid } }: RunningServer): number[] =>
  readFileSync(`/proc/${pid!}/task/${pid!}/children`, "utf8").split(" ").filter(Boolean).map(Number);

// A name of a socket has at most 108 bytes.
const folder = mkdtempSync(join(tmpdir(), "notify-"));
t.teardown(() => {
  rmSync(folder, { recursive: true });
});
const names = { path: join(folder, "notify"), abstract: `@billboard-test-${process.pid}` };
for (const [kind, NOTIFY_SOCKET] of Object.entries(names))
  await t.test(`systemd is told of the start, of reloads and of the end, in order: ${kind}`, { skip }, async (t) => {
    const socket = await open(t, NOTIFY_SOCKET);
    const { server, file } = start(t, { NOTIFY_SOCKET });
    let at = await socket.received("READY=1");
    const port = await server.ready();
    t.equal((await fetch(`http://127.0.0.1:${port}/campaigns/1/`)).status, 200);
    for (const bytes of [SECOND, broken()]) {
      publish(file, bytes);
      // As `systemctl kill` does, which signals all processes of a unit.
      for (const pid of [...childrenOf(server), server.process.pid!]) process.kill(pid, "SIGHUP");
      at = await socket.received("READY=1", at);
    }
    t.equal(await server.stop(), 0);
    await socket.received("STOPPING=1", at);
    t.match(socket.messages, [
      "STATUS=loading the index",
      `READY=1 | STATUS=serving generation ${FIRST_SERVED}`,
      "RELOADING=1 | STATUS=reloading",
      `READY=1 | STATUS=index reloaded: generation ${SECOND_SERVED} replaces ${FIRST_SERVED}`,
      "RELOADING=1 | STATUS=reloading",
      /^READY=1 \| STATUS=reload refused: .* checksum: .*; generation \w{16} stays$/,
      "STOPPING=1 | STATUS=draining",
    ]);
    t.equal(socket.messages.length, 7);
    t.same(
      server.warnings.filter(({ event }) => event !== "reload"),
      [],
    );
  });

await t.test("the watchdog gets a beat at half its time, and none while a worker hangs", { skip }, async (t) => {
  const NOTIFY_SOCKET = `@billboard-watchdog-${process.pid}`;
  const socket = await open(t, NOTIFY_SOCKET);
  const goOn = join(t.testdir(), "go-on");
  const fault = { FAULT: "hold", GO_ON: goOn, NODE_OPTIONS: `--import=${FAULT}` };
  const { server } = start(t, { NOTIFY_SOCKET, WATCHDOG_USEC: "200000", ...fault });
  let at = await socket.received("READY=1");
  for (let beat = 1; beat <= 5; beat++) at = await socket.received("WATCHDOG=1", at);
  server.process.kill("SIGUSR2");
  await server.next("worker-hangs");
  server.process.kill("SIGHUP");
  const begin = await socket.received("READY=1", at);
  // That nothing comes, only time can tell: ten beats.
  await sleep(1000);
  server.process.kill("SIGHUP");
  const end = await socket.received("READY=1", begin);
  t.match(socket.messages.slice(begin, end), [/^RELOADING=1/, /^READY=1 \| STATUS=reload refused: worker \d .* hangs/]);
  t.equal(end - begin, 2, "no beat");
  writeFileSync(goOn, "");
  await server.next("worker-resumed");
  await socket.received("WATCHDOG=1", end);
  t.equal(await server.stop(), 0);
  const last = await socket.received("STOPPING=1", end);
  t.equal(last, socket.messages.length);
});

await t.test("a server that hangs says that it ends", { skip }, async (t) => {
  const NOTIFY_SOCKET = `@billboard-stuck-${process.pid}`;
  const socket = await open(t, NOTIFY_SOCKET);
  const fault = { FAULT: "hold", NODE_OPTIONS: `--import=${FAULT}`, HANG_TIMEOUT: "4", SHUTDOWN_TIMEOUT: "1" };
  const { server } = start(t, { NOTIFY_SOCKET, ...fault });
  await server.ready();
  server.process.kill("SIGUSR2");
  await socket.received("STOPPING=1");
  t.match(socket.messages.at(-1), /^STOPPING=1 \| STATUS=worker \d hangs: draining the others$/);
  await server.exited;
});

await t.test("without NOTIFY_SOCKET no process is started", { skip }, async (t) => {
  const { server } = start(t, { WATCHDOG_USEC: "1000" });
  await server.ready();
  t.same(childrenOf(server), []);
  t.equal(await server.stop(), 0);
});

await t.test("a sender that is killed is replaced, and the end waits for none", { skip }, async (t) => {
  const NOTIFY_SOCKET = `@billboard-killed-${process.pid}`;
  const socket = await open(t, NOTIFY_SOCKET);
  const { server } = start(t, { NOTIFY_SOCKET });
  const at = await socket.received("READY=1");
  const [sender] = childrenOf(server);
  process.kill(sender!, "SIGKILL");
  t.match(await server.next("notify"), { reason: "the shell that starts it ended with SIGKILL" });
  server.process.kill("SIGHUP");
  await socket.received("READY=1", await socket.received("RELOADING=1", at));
  const [next] = childrenOf(server);
  process.kill(next!, "SIGSTOP");
  t.teardown(() => process.kill(next!, "SIGKILL"));
  t.equal(await server.stop(), 0);
});

await t.test(
  "where nobody listens, or there is no systemd-notify, visitors are served all the same",
  { skip },
  async (t) => {
    const shellAlone = mkdtempSync(join(folder, "bin-"));
    symlinkSync(findProgram("sh")!, join(shellAlone, "sh"));
    const cases = [
      { environment: {}, reason: /No such file|Connection refused/ },
      { environment: { PATH: shellAlone }, reason: /systemd-notify: not found/ },
      { environment: { PATH: folder }, reason: /ENOENT/ },
    ];
    for (const { environment, reason } of cases) {
      const nobody = { NOTIFY_SOCKET: "/nobody", WATCHDOG_USEC: "200000" };
      const { server } = start(t, { ...nobody, ...environment });
      const port = await server.ready();
      t.match(server.warnings[0] ?? (await server.next("notify")), { level: 40, reason });
      t.equal((await fetch(`http://127.0.0.1:${port}/campaigns/1/`)).status, 200);
      server.process.kill("SIGHUP");
      await server.next("reload");
      t.equal(await server.stop(), 0);
      t.equal(server.warnings.length, 1, "said once");
    }
  },
);
