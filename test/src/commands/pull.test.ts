import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { spawn } from "node:child_process";
import t from "tap";
import { bareProgram, BILLBOARD, billboard, billboardBeside } from "../billboard.js";
import { broken, FIRST, generationOf, SECOND } from "../published.js";
import { RunningServer } from "../running-server.js";
import { newKeys } from "../pull/pulling-server.js";
import { answer, cutAfter, INDEX, TestSource } from "../pull/test-source.js";
import { makeCertificate } from "../../deploy/certificate.js";
import { missing } from "../../needed-programs.js";
import { lockFolder } from "../../../src/index/lock/folder-lock.js";

const [first, second] = [generationOf(FIRST), generationOf(SECOND)];

await t.test(
  "pull --once puts an index in place, and says with its exit code whether the newest is there",
  async (t) => {
    const source = await TestSource.open(t, FIRST);
    const out = join(t.testdir(), "new", "folder");
    const pull = ["pull", "--once", "--url", source.url, "--out", out];
    t.same(await billboardBeside(pull), {
      status: 0,
      stdout: `Billboard: ${join(out, "index.bin")} is now generation ${first}, from ${source.url}\n`,
      stderr: "",
    });
    t.same(await billboardBeside(pull), { status: 0, stdout: "Billboard: there is nothing new\n", stderr: "" });
    source.files.set(INDEX, SECOND);
    const { status } = await billboardBeside(["pull", "--once", "--out", out], { INDEX_URL: source.url });
    t.equal(status, 0);
    t.same(readFileSync(join(out, "index.previous.bin")), Buffer.from(FIRST));
    source.wrong.push(answer(200, broken()), answer(200, "<html>"), answer(502, ""), cutAfter(FIRST, 700));
    source.files.set(INDEX, FIRST);
    for (const reason of [
      "refused: .*: altered: .*",
      "refused: .*no index.*",
      "failed: .* answers 502",
      "failed: .*cut.*",
    ])
      t.match(await billboardBeside(pull), {
        status: 1,
        stdout: "",
        stderr: new RegExp(`^billboard pull: pull ${reason}\n$`),
      });
    const build = await lockFolder(out);
    t.match(await billboardBeside(pull), {
      status: 1,
      stderr: /pull failed: .*another build or pull .* is running there/,
    });
    await build.release();
    t.same(readdirSync(out), ["index.bin", "index.previous.bin"]);
    t.same(readFileSync(join(out, "index.bin")), Buffer.from(SECOND), "none of them has replaced what was there");
    writeFileSync(join(out, "index.bin"), broken(SECOND));
    source.files.set(INDEX, SECOND);
    t.equal((await billboardBeside(pull)).status, 0);
    t.same(readFileSync(join(out, "index.bin")), Buffer.from(SECOND), "one that was damaged is brought again");
    t.same(readFileSync(join(out, "index.previous.bin")), Buffer.from(FIRST));
  },
);

await t.test("the token and the key hold for it as for the server", async (t) => {
  const keys = newKeys();
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir({ token: "sesame-open\n" });
  const out = join(folder, "out");
  const pull = ["pull", "--once", "--url", source.url, "--out", out, "--index-public-key", keys.publicKey];
  t.match(await billboardBeside(pull), { status: 1, stderr: /no signature is there\n$/ });
  source.files.set(`${INDEX}.sig`, keys.sign(FIRST, 7));
  t.equal((await billboardBeside(pull, { INDEX_TOKEN: "sesame" })).status, 0);
  t.equal(source.asked.at(-1)!.headers.authorization, "Bearer sesame");
  source.files.set(INDEX, SECOND);
  source.files.set(`${INDEX}.sig`, keys.sign(SECOND, 6));
  t.match(await billboardBeside(pull), { status: 1, stderr: /has the sequence 6, and what is served has 7/ });
  t.equal((await billboardBeside([...pull, "--allow-older"])).status, 0);
  t.same(readdirSync(out).sort(), ["index.bin", "index.bin.sig", "index.previous.bin", "index.previous.bin.sig"]);
  t.equal(readFileSync(join(out, "index.previous.bin.sig"), "utf8"), keys.sign(FIRST, 7));
});

await t.test("wrong usage is said", (t) => {
  for (const [words, message] of [
    [["--once"], /no address: name one with --url or INDEX_URL/],
    [["--once", "--every", "5", "--url", "http://localhost/index.bin"], /--once and --every exclude each other/],
    [["--url", "ftp://localhost/index.bin"], /--url: got "ftp.*expected an address such as https/],
  ] as const)
    t.match(billboard(["pull", ...words]), { status: 2, stdout: "", stderr: message });
  t.end();
});

await t.test("again and again, with a reload of the running server, until it is told to end", async (t) => {
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir({ "index.bin": Buffer.from(FIRST) });
  const server = new RunningServer({ INDEX_FILE: join(folder, "index.bin"), WORKERS: "2" });
  t.teardown(() => server.process.kill("SIGKILL"));
  const { adminPort } = await server.next("ready");
  const words = ["--url", source.url, "--out", folder, "--every", "1", "--reload", "--admin-port", String(adminPort)];
  const [program, ...args] = bareProgram(BILLBOARD, "pull", ...words);
  const child = spawn(program, args, { env: { PATH: process.env["PATH"] }, stdio: "inherit" });
  t.teardown(() => child.kill("SIGKILL"));
  const ended = once(child, "close");
  await source.hasBeenAsked(2);
  source.files.set(INDEX, SECOND);
  t.match(await server.next("reload"), { result: "replaced", generation: second });
  child.kill("SIGTERM");
  t.same(await ended, [0, null]);
  t.equal(await server.stop(), 0);
});

await t.test("by https, which no redirect may leave", { skip: missing("openssl") }, async (t) => {
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir();
  const certificate = makeCertificate(folder);
  const pair = { key: readFileSync(`${certificate}.key`), cert: readFileSync(certificate) };
  const server = createServer(pair, (message, response) => {
    if (message.url === "/index.bin") response.end(FIRST);
    else response.writeHead(302, { Location: source.url }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const pull = (path: string, settings = {}): ReturnType<typeof billboardBeside> =>
    billboardBeside(["pull", "--once", "--url", origin + path, "--out", join(folder, "out")], settings);
  t.match(await pull("/index.bin"), { status: 1, stderr: /no answer: .*certificate/ });
  const trusted = { NODE_EXTRA_CA_CERTS: certificate };
  t.match(await pull("/away.bin", trusted), {
    status: 1,
    stderr: /answers 302, to http:.*, which is not encrypted\n$/,
  });
  t.equal(source.asked.length, 0);
  t.equal((await pull("/index.bin", trusted)).status, 0);
});
