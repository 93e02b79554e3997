// Does in the current folder what a newcomer does: `make start`, a page, `make importdata` of other data, `make stop`.
// Says in one line what it ran on and what served.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DEADLINE_MS = 600_000;
const env = { ...process.env, HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "0" };

/** What a command prints, which ends well. */
function outputOf(...words) {
  const { status, stdout, stderr } = spawnSync("make", words, { env, encoding: "utf8", timeout: DEADLINE_MS });
  if (status !== 0) throw new Error(`make ${words.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function expect(text, pattern, what) {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`${what}: expected ${pattern}, got:\n${text}`);
  return found[1];
}

rmSync("dist-index", { recursive: true, force: true });
// The folder of a run before, which is what DATA is else, is gone.
const server = spawn("make", ["start", "DATA=data"], { env, stdio: ["ignore", "pipe", "pipe"], timeout: DEADLINE_MS });
const ended = once(server, "exit");
let output = "";
const add = (chunk) => (output += chunk);
server.stderr.on("data", add);
server.stdout.on("data", add);
const data = mkdtempSync(join(tmpdir(), "billboard-data-"));
try {
  while (!/^Dashboard: .*\n/m.test(output)) {
    const next = await Promise.race([once(server.stdout, "data"), ended.then(() => undefined)]);
    if (next === undefined) throw new Error(`make start ended:\n${output}`);
  }
  const { engine, workers } = JSON.parse(expect(output, /^(\{.*"event":"ready".*\})$/m, "the log"));
  const response = await fetch(expect(output, /^Page: +(http.*)$/m, "make start"));
  if (response.status !== 200) throw new Error(`the page has status ${response.status}`);
  expect(await response.text(), /<img /, "the page");
  cpSync("data", data, { recursive: true });
  appendFileSync(join(data, "1/clicks_1.csv"), "4294967295,4294967295,1\n");
  expect(outputOf("importdata", `DATA=${data}`), /index reloaded: generation \w+ replaces \w+/, "make importdata");
  expect(outputOf("stop"), /process \d+ has ended/, "make stop");
  const [code] = await ended;
  if (code !== 0) throw new Error(`make start ended with ${code}:\n${output}`);
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))[1];
  const what = `engine ${engine}, ${workers} worker(s)`;
  console.log(`${system}, Node.js ${process.version.slice(1)}, ${what}: started, served, reloaded and stopped`);
} catch (error) {
  console.error(error.message);
  spawnSync("make", ["stop"], { env });
  process.exitCode = 1;
} finally {
  rmSync(data, { recursive: true });
}
