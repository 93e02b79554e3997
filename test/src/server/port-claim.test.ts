import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { claim } from "../../../src/server/port-claim.js";
import { addressOf, CannotListenError } from "../../../src/server/cannot-listen.js";
import { BILLBOARD } from "../billboard.js";
import { FIRST, publish } from "../published.js";
import { RunningServer } from "../running-server.js";

const MODULE = pathToFileURL(join(import.meta.dirname, "../../../src/server/port-claim.js")).href;
const NOBODY = 65_534;
const ONLY_LINUX = process.platform === "linux" ? false : "only Linux has names of this kind";
const isRoot = process.getuid?.() === 0;
const NEEDS_ROOT = isRoot ? ONLY_LINUX : "only root can have a process of another user";

let names = 0;
const newName = (): string => `billboard-test:${process.pid}:${++names}`;

/** Runs a program of one line that says something once it is ready. */
async function start(t: Test, program: string, user?: number): Promise<[child: ChildProcess, said: string]> {
  const words = ["--input-type=module", "--eval", program];
  const options = user === undefined ? {} : { uid: user, gid: user };
  // Without the instruments of the test runner, which another user may not write.
  const env = { PATH: process.env["PATH"] };
  const child = spawn(process.execPath, words, { ...options, env, cwd: "/", stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => child.kill("SIGKILL"));
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return [child, said.toString().trim()];
}

/** Takes a name as anybody can, and holds it. */
const holding = (name: string): string =>
  `import { createServer } from "node:net"; createServer().listen("\\0${name}", () => console.log("held"));`;

/** Claims a name as the server does, and lives on. */
const claiming = (name: string): string =>
  `import { claim } from ${JSON.stringify(MODULE)}; setInterval(() => undefined, 1000);
   claim(${JSON.stringify(name)}).then(() => console.log("claimed"), (error) => console.log(error.code));`;

await t.test("of processes of one user, one has a name", { skip: ONLY_LINUX }, async (t) => {
  const name = newName();
  await claim(name);
  const [, said] = await start(t, claiming(name));
  t.equal(said, "EADDRINUSE");
});

await t.test("of processes of one user that claim at once, one has the name", { skip: ONLY_LINUX }, async (t) => {
  const name = newName();
  const all = await Promise.all(Array.from({ length: 4 }, () => start(t, claiming(name))));
  t.same(all.map(([, said]) => said).sort(), ["EADDRINUSE", "EADDRINUSE", "EADDRINUSE", "claimed"]);
});

await t.test("another user who has the name keeps nobody off, and no two get in", { skip: NEEDS_ROOT }, async (t) => {
  const name = newName();
  const [foreign] = await start(t, holding(name), NOBODY);
  const [, first] = await start(t, claiming(name));
  t.equal(first, "claimed");
  await t.rejects(claim(name), { code: "EADDRINUSE" });
  foreign.kill("SIGKILL");
  await once(foreign, "close");
  await t.rejects(claim(name), { code: "EADDRINUSE" }, "nor when the name has become free");

  const second = newName();
  await start(t, holding(second), NOBODY);
  const all = await Promise.all([1, 2, 3].map(() => start(t, claiming(second))));
  t.ok(all.filter(([, said]) => said === "claimed").length <= 1, "at once, at most one");
});

await t.test("the server starts though another user has its claim", { skip: NEEDS_ROOT }, async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  await start(t, holding(`billboard:127.0.0.1:${port}`), NOBODY);
  const server = new RunningServer({ INDEX_FILE: file, PORT: String(port), WORKERS: "1" });
  t.equal(await server.ready(), port);
  const second = new RunningServer({ INDEX_FILE: file, PORT: String(port), WORKERS: "1" });
  t.equal(await second.exited, 1);
  t.match(second.text, /the port is taken: end what listens there, or set PORT to another\n$/);
  t.equal(await server.stop(), 0);
});

await t.test("each reason why an address cannot be listened on is a line of its own", async (t) => {
  const line = (code: string): string =>
    new CannotListenError("192.0.2.1", 80, "ADMIN_", Object.assign(new Error("words"), { code })).message;
  const start = "cannot listen on 192.0.2.1:80: ";
  t.equal(line("EADDRINUSE"), `${start}the port is taken: end what listens there, or set ADMIN_PORT to another`);
  t.equal(line("EADDRNOTAVAIL"), `${start}the address is not this machine's: set ADMIN_HOST to one that is`);
  t.match(line("EACCES"), /below 1024: set ADMIN_PORT to a higher one, or give CAP_NET_BIND_SERVICE$/);
  for (const code of ["ENOTFOUND", "EAI_AGAIN"]) t.match(line(code), /the name does not resolve: set ADMIN_HOST to/);
  t.equal(line("EINVAL"), `${start}words: see ADMIN_HOST and ADMIN_PORT`);
  t.match(new CannotListenError("::1", 80).message, /^cannot listen on \[::1\]:80: .*: see HOST and PORT$/);
  await t.rejects(addressOf("nothing.invalid", 80, "HEALTH_"), { message: /does not resolve: set HEALTH_HOST/ });
});

await t.test("a port that this user may not take is said to be one", { skip: NEEDS_ROOT }, async (t) => {
  const env = { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "1" };
  const server = spawn(process.execPath, [BILLBOARD, "serve"], { env, uid: NOBODY, gid: NOBODY, cwd: "/" });
  let said = "";
  server.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(server, "close")) as [number];
  t.equal(code, 1);
  t.match(
    said,
    /^billboard serve: cannot listen on 127\.0\.0\.1:1: this user may not take a port below 1024: .*ADMIN_PORT.*\n$/,
  );
});
