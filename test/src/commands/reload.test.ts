import { join } from "node:path";
import t from "tap";
import { billboard } from "../billboard.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";
import { RunningServer } from "../running-server.js";

await t.test("reload says what came of it, and ends with its exit code", async (t) => {
  const dir = t.testdir();
  const file = join(dir, "index.bin");
  const pidFile = join(dir, "billboard.pid");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1", PID_FILE: pidFile });
  const adminPort = String((await server.next("ready"))["adminPort"]);
  const [first, second] = [generationOf(FIRST), generationOf(SECOND)];
  const already = {
    status: 0,
    stdout: `Billboard: index unchanged: generation ${first} is served already.\n`,
    stderr: "",
  };
  for (const words of [[], ["--if-running"], ["--pid-file", pidFile]])
    t.same(billboard(["reload", ...words], { ADMIN_PORT: adminPort }), already, words.join(" "));
  t.same(billboard(["reload", "--admin-port", adminPort]), already);
  t.same(billboard(["reload", "--pid-file", "none"], { ADMIN_PORT: adminPort }), already, "one without a pid file");

  publish(file, SECOND);
  t.same(billboard(["reload", "--pid-file", pidFile, "--if-running"]), {
    status: 0,
    stdout: `Billboard: index reloaded: generation ${second} replaces ${first}.\n`,
    stderr: "",
  });
  publish(file, broken());
  for (const words of [[], ["--if-running"]])
    t.match(billboard(["reload", "--pid-file", pidFile, ...words]), {
      status: 1,
      stdout: "",
      stderr: /^billboard reload: reload refused: .*index\.bin: altered: .*; generation \w+ stays\n$/,
    });
  t.equal(await server.stop(), 0);

  const none = `no server answers at http://127.0.0.1:${adminPort}/`;
  const environment = { ADMIN_PORT: adminPort };
  for (const words of [[], ["--pid-file", pidFile]])
    t.same(billboard(["reload", ...words], environment), {
      status: 1,
      stdout: "",
      stderr: `billboard reload: ${none}: start one, or name its ADMIN_HOST and ADMIN_PORT\n`,
    });
  t.same(billboard(["reload", "--pid-file", pidFile, "--if-running"], environment), {
    status: 0,
    stdout: `Billboard: ${none}; \`make start\` starts one.\n`,
    stderr: "",
  });
});

await t.test("wrong usage is one line, and 2", (t) => {
  t.match(billboard(["reload", "--hlep"]), { status: 2, stderr: /^billboard reload: Unknown option '--hlep'/ });
  t.same(billboard(["reload"], { ADMIN_PORT: "x" }), {
    status: 2,
    stdout: "",
    stderr: 'billboard reload: ADMIN_PORT: got "x", expected a whole number from 0 to 65535\n',
  });
  t.end();
});
