import { createServer } from "node:http";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import { writePidFile } from "../../../src/commands/pid-file.js";
import { BILLBOARD, billboard } from "../billboard.js";
import { FIRST, generationOf, publish } from "../published.js";
import { RunningServer } from "../running-server.js";

/** Beside an event loop that goes on. */
async function statusOf(...words: string[]): Promise<[code: unknown, output: string, errors: string]> {
  const child = spawn(process.execPath, [BILLBOARD, "status", ...words]);
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, "close")) as [unknown];
  return [code, ...(await outputs)];
}

await t.test("status tells what a running server serves, by pid file or address", async (t) => {
  const dir = t.testdir();
  const index = join(dir, "index.bin");
  const pidFile = join(dir, "billboard.pid");
  publish(index, FIRST);
  const server = new RunningServer({ INDEX_FILE: index, PID_FILE: pidFile, WORKERS: "1", TIME_ZONE: "Asia/Tehran" });
  const adminPort = String((await server.next("ready"))["adminPort"]);
  const serves = `serves generation ${generationOf(FIRST)}, in period [1-4] of 4 \\(Asia/Tehran\\)`;
  const end = `; dashboard: http://127\\.0\\.0\\.1:${adminPort}/\n$`;
  t.match(billboard(["status", "--pid-file", pidFile]), {
    status: 0,
    stdout: new RegExp(`^Billboard: process ${server.process.pid!} ${serves}${end}`),
    stderr: "",
  });
  const byAddress = { status: 0, stdout: new RegExp(`^Billboard: a server ${serves}${end}`), stderr: "" };
  t.match(billboard(["status", "--admin-port", adminPort]), byAddress);
  t.match(billboard(["status"], { ADMIN_PORT: adminPort }), byAddress);
  t.match(billboard(["status", "--admin-port", adminPort], { PID_FILE: "none" }), byAddress, "the option wins");
  t.match(billboard(["status", "--pid-file", "none"], { ADMIN_PORT: adminPort }), byAddress);
  t.match(billboard(["stop", "--pid-file", "none"], { ADMIN_PORT: adminPort }), {
    status: 1,
    stderr: `billboard stop: none names no server, and one answers at http://127.0.0.1:${adminPort}/: end it where`,
  });
  t.equal(await server.stop(), 0);

  const none = {
    status: 1,
    stdout: `Billboard: no server answers at http://127.0.0.1:${adminPort}/\n`,
    stderr: "",
  };
  t.same(billboard(["status", "--pid-file", pidFile], { ADMIN_PORT: adminPort }), none);
  t.same(billboard(["status", "--admin-port", adminPort]), none);
});

await t.test("a process that runs and says nothing of use runs all the same", async (t) => {
  const file = join(t.testdir(), "billboard.pid");
  const server = createServer((request, response) => {
    if (request.url === "/status.json") response.writeHead(503).end();
    else request.socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const runs = `Billboard: process ${process.pid} runs, but gives no status`;
  writePidFile(file, url);
  t.same(await statusOf("--pid-file", file), [0, `${runs} at ${url}/\n`, ""]);
  writePidFile(file, `${url}/elsewhere`);
  t.match(await statusOf("--pid-file", file), [0, `${runs}: ${url}/elsewhere/status.json: no response: `, ""]);
  t.match(await statusOf("--admin-port", url.split(":")[2]!), [1, "Billboard: no server answers at", ""]);
});
