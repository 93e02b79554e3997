import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { readPidFile, removePidFile, writePidFile } from "../../../src/commands/pid-file.js";
import { BILLBOARD, billboard } from "../billboard.js";
import { FIRST, publish } from "../published.js";
import { RunningServer } from "../running-server.js";

const URL_OF_ADMIN = "http://127.0.0.1:8081";
/** No server can listen there. */
const NOWHERE = { ADMIN_PORT: "0" };
const PID_FILE_MODULE = pathToFileURL(join(import.meta.dirname, "../../../src/commands/pid-file.js")).href;

/** The source of a program that writes a pid file as the server does, and then goes on for ever. */
function programWith(file: string, rest: string): string {
  return `
    import { writePidFile } from ${JSON.stringify(PID_FILE_MODULE)};
    writePidFile(${JSON.stringify(file)}, ${JSON.stringify(URL_OF_ADMIN)});
    ${rest}
    setInterval(() => undefined, 1000);
    console.log("written");`;
}

/** Resolves when it has written its pid file. */
async function startWriter(command: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

await t.test("a running server is found by its pid file, and its first line is the process id alone", async (t) => {
  const dir = t.testdir();
  const file = join(dir, "billboard.pid");
  publish(join(dir, "index.bin"), FIRST);
  const server = new RunningServer({ INDEX_FILE: join(dir, "index.bin"), PID_FILE: file });
  const { adminPort } = await server.next("ready");
  const { pid } = server.process;
  t.same(readPidFile(file), { pid, adminUrl: `http://127.0.0.1:${String(adminPort)}` });
  t.equal(readFileSync(file, "utf8").split("\n")[0], String(pid));
  t.same(readdirSync(dir).sort(), ["billboard.pid", "index.bin"], "nothing of the writing is left");

  t.match(billboard(["stop", "--pid-file", file]), { status: 0, stdout: `process ${pid!} has ended` });
  t.equal(await server.exited, 0);
  t.notOk(existsSync(file));
});

await t.test("a server is found that was started in another folder, with relative paths", async (t) => {
  const dir = t.testdir();
  publish(join(dir, "index.bin"), FIRST);
  const words = ["--host", "127.0.0.1", "--port", "0", "--admin-port", "0", "--workers", "1"];
  const files = ["--index-file", "index.bin", "--pid-file", "own.pid"];
  const server = spawn(process.execPath, [relative(dir, BILLBOARD), "serve", ...words, ...files], {
    cwd: dir,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  for await (const chunk of server.stdout as AsyncIterable<Buffer>)
    if ((log += chunk.toString()).includes("ready")) break;
  const file = join(dir, "own.pid");
  t.match(billboard(["status"], { PID_FILE: file }), { status: 0, stdout: `process ${server.pid!} serves generation` });
  t.match(billboard(["reload", "--pid-file", file]), { status: 0, stdout: "is served already" });
  t.match(billboard(["stop", "--pid-file", relative(process.cwd(), file)]), { status: 0, stdout: "has ended" });
  t.notOk(existsSync(file));
});

await t.test("a process that is not the server is never signalled", (t) => {
  const file = join(t.testdir(), "billboard.pid");
  writePidFile(file, URL_OF_ADMIN);
  const [pid, start] = readFileSync(file, "utf8").split("\n") as [string, string];
  t.same(readPidFile(file), { pid: process.pid, adminUrl: URL_OF_ADMIN });
  // This test's own process, as if its id had been another's before: a signal would end it.
  writeFileSync(file, `${pid}\n${start}0\n${URL_OF_ADMIN}\n`);
  t.equal(readPidFile(file), undefined);
  t.match(billboard(["stop", "--pid-file", file], NOWHERE), { status: 0, stdout: "no server runs here" });
  t.match(billboard(["reload", "--pid-file", file], NOWHERE), { status: 1, stderr: "no server answers at" });
  for (const text of [
    "",
    pid,
    `${pid}\n${start}`,
    `${pid}\n\n${URL_OF_ADMIN}`,
    `0\n${start}\n${URL_OF_ADMIN}`,
    `-${pid}\n${start}\n${URL_OF_ADMIN}`,
    `99999999999\n${start}\n${URL_OF_ADMIN}`,
    `${pid}\n${start}\nhere`,
  ]) {
    writeFileSync(file, text);
    t.equal(readPidFile(file), undefined, JSON.stringify(text));
  }
  t.end();
});

await t.test("a process that has ended and that its parent has not asked about is none", async (t) => {
  const file = join(t.testdir(), "billboard.pid");
  // The shell becomes a program that never asks what became of its child.
  const script = 'node --input-type=module -e "$0" & exec sleep 600';
  const parent = await startWriter("sh", ["-c", script, programWith(file, "")]);
  t.teardown(() => parent.kill());
  const server = readPidFile(file);
  t.ok(server);
  t.match(billboard(["stop", "--pid-file", file, "--timeout", "60"]), {
    status: 0,
    stdout: `process ${server!.pid} has ended`,
  });
  t.ok(existsSync(file), "it has not removed the file");
  t.doesNotThrow(() => process.kill(server!.pid, 0), "the system still has its id");
  t.equal(readPidFile(file), undefined);
});

await t.test("stop waits no longer than it is told", async (t) => {
  const file = join(t.testdir(), "billboard.pid");
  const program = programWith(file, 'process.on("SIGTERM", () => undefined);');
  const child = await startWriter(process.execPath, ["--input-type=module", "-e", program]);
  t.match(billboard(["stop", "--pid-file", file, "--timeout", "1"]), {
    status: 1,
    stdout: "",
    stderr: `billboard stop: process ${child.pid!} got SIGTERM and has not ended: look at its log\n`,
  });
  child.kill("SIGKILL");
  await once(child, "exit");
});

await t.test("a pid file goes with the process that it names, and with no other", (t) => {
  const file = join(t.testdir(), "billboard.pid");
  writeFileSync(file, "1\n");
  removePidFile(file);
  t.ok(existsSync(file), "another server has taken the file over");
  writePidFile(file, URL_OF_ADMIN);
  removePidFile(file);
  t.notOk(existsSync(file));
  removePidFile(file);
  t.throws(() => {
    writePidFile(join(file, "none"), URL_OF_ADMIN);
  }, /^PID_FILE: .*billboard\.pid\/none cannot be written: ENOENT/);
  t.end();
});

await t.test("stop has to be told the file, by option or variable", (t) => {
  t.match(billboard(["stop"]), { status: 2, stderr: "billboard stop: --pid-file: name the file that" });
  t.match(billboard(["stop"], { PID_FILE: "none.pid", ...NOWHERE }), { status: 0, stdout: "no server runs here" });
  t.match(billboard(["stop", "now", "--pid-file", "x"]), { status: 2, stderr: /^billboard stop: .+\n$/ });
  t.match(billboard(["stop", "--pid", "x"]), { status: 2, stderr: /^billboard stop: .+\n$/ });
  t.end();
});
