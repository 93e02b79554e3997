import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import t from "tap";
import { billboard } from "../billboard.js";
import { FIRST, generationOf } from "../published.js";
import { RunningServer } from "../running-server.js";
import { TOKEN, tokenFolder } from "./token-folder.js";

await t.test("commands find the Unix socket, send the token, and say where it is missing or wrong", async (t) => {
  const { dir, index, tokenFile } = tokenFolder(t);
  const [socket, pidFile] = [join(dir, "admin.sock"), join(dir, "billboard.pid")];
  const environment = { INDEX_FILE: index, WORKERS: "1", ADMIN_SOCKET: socket, PID_FILE: pidFile };
  const server = new RunningServer({ ...environment, ADMIN_TOKEN: TOKEN });
  t.match(await server.next("ready"), { adminSocket: socket, adminPort: undefined });
  t.equal(statSync(socket).mode & 0o777, 0o600);
  t.equal(readFileSync(pidFile, "utf8").split("\n")[2], `unix:${socket}`);
  const serves = `serves generation ${generationOf(FIRST)}`;
  for (const [words, given] of [
    [["--pid-file", pidFile], { ADMIN_TOKEN: TOKEN }],
    [["--admin-socket", socket, "--admin-token-file", tokenFile], {}],
    [[], { ADMIN_SOCKET: socket, ADMIN_TOKEN_FILE: tokenFile }],
  ] as [string[], Record<string, string>][]) {
    t.match(billboard(["status", ...words], given), { status: 0, stdout: serves, stderr: "" });
    t.match(billboard(["reload", ...words], given), { status: 0, stdout: /is served already|unchanged/i, stderr: "" });
  }
  const without = billboard(["reload", "--pid-file", pidFile]);
  t.match(without, { status: 1, stderr: /^billboard reload: unix:.*\/reload: 401: This asks for .*ADMIN_TOKEN.*\n$/ });
  const wrong = billboard(["status", "--pid-file", pidFile], { ADMIN_TOKEN: "x".repeat(16) });
  t.match(wrong, { status: 0, stdout: `process ${server.process.pid!} runs, but gives no status at unix:` });
  t.match(wrong.stdout, /401: That is not the server's token\.\n$/);

  const second = new RunningServer({ ...environment, ADMIN_TOKEN: TOKEN });
  t.equal(await second.exited, 1);
  t.match(
    second.text,
    /^billboard serve: ADMIN_SOCKET: cannot listen on .*admin\.sock: another server has it: [^\n]*\n$/,
  );
  t.match(billboard(["stop", "--pid-file", pidFile]), { status: 0 });
  t.equal(await server.exited, 0);
  t.notOk(existsSync(socket), "it goes with the server");
});

await t.test("a socket that a killed server has left is replaced, and nothing else is", async (t) => {
  const { dir, index } = tokenFolder(t);
  const socket = join(dir, "admin.sock");
  const environment = { INDEX_FILE: index, WORKERS: "1", ADMIN_SOCKET: socket };
  const killed = new RunningServer(environment);
  await killed.ready();
  killed.process.kill("SIGKILL");
  await killed.exited;
  t.ok(existsSync(socket));
  const server = new RunningServer(environment);
  await server.ready();
  t.match(billboard(["status", "--admin-socket", socket]), { status: 0, stdout: generationOf(FIRST) });
  t.equal(await server.stop(), 0);

  const held = createServer().listen(socket);
  await once(held, "listening");
  writeFileSync(join(dir, "file"), "kept");
  for (const [path, line] of [
    [socket, /^billboard serve: ADMIN_SOCKET: cannot listen on .*admin\.sock: another server has it: [^\n]*\n$/],
    [join(dir, "file"), /^billboard serve: ADMIN_SOCKET: cannot listen on .*file: something else is there, [^\n]*\n$/],
    [dir, /^billboard serve: ADMIN_SOCKET: [^\n]*something else is there[^\n]*\n$/],
    [join(dir, "none/admin.sock"), /^billboard serve: ADMIN_SOCKET: [^\n]*\n$/],
    [join(dir, "x".repeat(200)), /^billboard serve: ADMIN_SOCKET: [^\n]*107 bytes[^\n]*\n$/],
  ] as const) {
    const refused = new RunningServer({ ...environment, ADMIN_SOCKET: path });
    t.equal(await refused.exited, 1);
    t.match(refused.text, line);
  }
  t.equal(readFileSync(join(dir, "file"), "utf8"), "kept");
  held.close();
});
