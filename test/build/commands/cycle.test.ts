import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import t, { type Test } from "tap";
import { lockFolder } from "../../../src/index/lock/folder-lock.js";
import { BILLBOARD, bareProgram, billboardBeside, type Finished } from "../../src/billboard.js";
import { PutServer } from "../../src/pull/put-server.js";
import { RunningServer } from "../../src/running-server.js";
import { buildIndex } from "../commands.js";
import { filesOf, publishedCatalog } from "../built-index.js";
import { recordedEvents, recordIn, recordShared } from "../recorded/recorded-events.js";

t.setTimeout(180_000);

const SERVER = "0123456789abcdef";
const EVENTS = recordedEvents("2026-11-29T00:00:00Z", 8, 600);
const MALFORMED = "timestamp,campaign_id,banner_id,count,file\n2026-11-29T00:00:00Z,1,zwei,1,\n";

/** Where no server runs. */
const ALONE = { TZ: "Asia/Kathmandu", ADMIN_SOCKET: "/nonexistent/socket" };

const cycle = (words: readonly string[], environment: Readonly<Record<string, string>> = ALONE): Promise<Finished> =>
  billboardBeside(["cycle", ...words], { TZ: "Asia/Kathmandu", ...environment });

const named = (records: readonly string[]): string[] => records.flatMap((folder) => ["--record", folder]);

const generationIn = (out: string): string => publishedCatalog(out).index.generation;

/** A folder with a recording of its own, an empty folder of the index, and the words that name both. */
function recording(t: Test): { folder: string; record: string; out: string; words: readonly string[] } {
  const folder = t.testdir();
  const record = recordIn(join(folder, "record"), SERVER, EVENTS);
  const out = join(folder, "out");
  return { folder, record, out, words: ["--record", record, "--out", out, "--data", folder] };
}

await t.test("what three servers recorded gives the index that one gives that had all visitors", async (t) => {
  const folder = t.testdir({
    data: { "campaigns.csv": "campaign_id,name\n1,Winter\n", "placements.csv": "campaign_id,banner_id\n2,77\n" },
  });
  const [data, one] = [join(folder, "data"), recordIn(join(folder, "one"), SERVER, EVENTS)];
  const records = recordShared(folder, 3, EVENTS);
  const common = ["--time-zone", "Asia/Kathmandu", "--periods", "6", "--explore", "0.1"];
  const lists = ["campaigns", "placements"].flatMap((list) => [`--${list}`, join(data, `${list}.csv`)]);
  const [built, merged, single] = ["built", "merged", "single"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  t.equal(buildIndex(["--data", one, "--out", built, ...lists, ...common]).status, 0);
  const finished = await cycle([...named(records), "--data", data, "--out", merged, ...common]);
  t.equal(finished.stderr, "");
  const expected = readFileSync(join(built, "index.bin"));
  const files = records.flatMap((record) => readdirSync(record)).filter((name) => /^(impr|cl|conv).*\.csv$/.test(name));
  t.equal(
    finished.stdout.replace(/[\d,]+ of [\d,]+ row/, "N of N row"),
    `build: generation ${generationIn(built)}, N of N row(s) in ${files.length + 2} file(s)\nguard: passed\n` +
      "reload: no server answers at unix:/nonexistent/socket/; `make start` starts one\n",
  );
  t.ok(readFileSync(join(merged, "index.bin")).equals(expected), "byte by byte");
  const environment = { ...ALONE, RECORD: one };
  const alone = await cycle(["--data", data, "--out", single, "--no-reload", ...common], environment);
  t.equal(alone.status, 0, alone.stderr);
  t.match(alone.stdout, /^build: [^\n]*\nguard: passed\n$/);
  t.ok(readFileSync(join(single, "index.bin")).equals(expected), "and so by the variable");
});

await t.test("a window begins with the hour of the zone in which it falls", async (t) => {
  const folder = t.testdir();
  const hoursAgo = (hours: number): number => Date.now() - hours * 3_600_000;
  const record = recordIn(
    join(folder, "record"),
    SERVER,
    [3, 4, 23, 26, 90].map((hours) => ({ kind: "impressions", moment: hoursAgo(hours), row: "1,2,1" })),
  );
  const out = join(folder, "out");
  const before = hoursAgo(24);
  const finished = await cycle(["--record", record, "--data", folder, "--out", out, "--window", "24h", "--no-reload"]);
  t.equal(finished.status, 0, finished.stderr);
  const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as {
    rows: { outside: number; used: number };
    timestamps: { from: string; to: null };
  };
  t.match(report.rows, { used: 3, outside: 2 });
  const from = Date.parse(report.timestamps.from);
  t.match(report.timestamps.from, /:15:00\.000Z$/, "Kathmandu's hours begin 15 minutes past those of UTC");
  t.ok(from <= hoursAgo(24) && from > before - 3_600_000);
});

await t.test("a round builds, checks, signs, publishes, and has the server reload", async (t) => {
  const { folder, record, out, words } = recording(t);
  const key = join(folder, "key.pem");
  await billboardBeside(["keygen", "--out", key]);
  const store = await PutServer.start();
  t.teardown(() => {
    store.stop();
  });
  const all = [...words, "--sign-key", key, "--publish", `${store.url}/index.bin`];
  t.equal((await cycle([...words, "--no-reload"])).status, 0);
  const pidFile = join(folder, "pid");
  const server = new RunningServer({ INDEX_FILE: join(out, "index.bin"), PID_FILE: pidFile, ADMIN_HOST: "127.0.0.1" });
  t.teardown(() => server.stop());
  await server.ready();
  const later = recordedEvents("2026-11-29T08:00:00Z", 1, 100, 2);
  recordIn(
    record,
    SERVER,
    later.filter(({ kind }) => kind === "impressions"),
  );
  const before = generationIn(out);
  const sequences: number[] = [];
  for (const reload of ["index reloaded: generation CURRENT replaces BEFORE", "index unchanged: generation CURRENT"]) {
    const { status, stdout, stderr } = await cycle(all, { PID_FILE: pidFile });
    t.same([status, stderr], [0, ""]);
    const current = generationIn(out);
    t.not(current, before);
    const lines = stdout.trimEnd().split("\n");
    t.match(lines, [
      new RegExp(`^build: generation ${current}, `),
      /^guard: passed$/,
      new RegExp(`^sign: .*index\\.bin\\.sig: generation ${current}, sequence \\d+, for INDEX_PUBLIC_KEY=`),
      new RegExp(`^publish: ${store.url}/index\\.bin is now generation ${current}, \\d+ bytes; signed, sequence`),
      new RegExp(`^reload: ${reload.replace("CURRENT", current).replace("BEFORE", before)}`),
    ]);
    t.equal(lines.length, 5);
    sequences.push(Number(/sequence (\d+)/.exec(lines[2]!)![1]));
    t.ok(store.taken.at(-1)!.body.equals(readFileSync(join(out, "index.bin"))));
  }
  t.equal(sequences[0], sequences[1], "the same index keeps its number");
  t.ok(sequences[0]! > 1_700_000_000, "which is the time where there was no signature");
});

await t.test("the first step that fails ends the round, and what it was for is untouched", async (t) => {
  const { folder, record, out, words } = recording(t);
  const key = join(folder, "key.pem");
  await billboardBeside(["keygen", "--out", key]);
  let answers = 500;
  const store = await PutServer.start((_, response) => {
    response.writeHead(answers).end("no");
    return true;
  });
  t.teardown(() => {
    store.stop();
  });
  const failing = async (more: readonly string[], stdout: RegExp, stderr: RegExp): Promise<void> => {
    const finished = await cycle([...words, ...more], { PID_FILE: join(folder, "pid") });
    t.equal(finished.status, 1);
    t.match(finished.stdout, stdout);
    t.match(finished.stderr.replaceAll(`${folder}/`, ""), stderr);
  };
  const publishing = ["--sign-key", key, "--publish", `${store.url}/index.bin`];
  t.equal((await cycle([...words, "--no-reload"])).status, 0);
  const server = new RunningServer({
    INDEX_FILE: join(out, "index.bin"),
    ADMIN_TOKEN: "a-token-of-sixteen",
    PID_FILE: join(folder, "pid"),
  });
  t.teardown(() => server.stop());
  await server.ready();
  const before = filesOf(out);

  writeFileSync(join(record, "impressions-bad.csv"), MALFORMED);
  await failing(
    publishing,
    /^$/,
    /^impressions-bad\.csv:2: banner_id is "zwei"[^\n]*\nbillboard cycle: build: 1 malformed row\(s\), nothing is published/,
  );
  t.same(filesOf(out), before, "a build that fails");

  await failing(
    [...publishing, "--on-bad-row", "reject"],
    /^build: generation [0-9a-f]{16}, [^\n]*\n$/,
    /^rejected: malformed rows [^\n]*\nbillboard cycle: guard: 1 check failed, nothing is published/,
  );
  t.equal(filesOf(out)["index.bin"], before["index.bin"], "a build that the guard refuses");
  t.same(store.asked, []);
  rmSync(join(record, "impressions-bad.csv"));

  writeFileSync(join(folder, "no-key"), "");
  await failing(
    ["--sign-key", join(folder, "no-key"), ...publishing.slice(2)],
    /guard: passed\n$/,
    /^billboard cycle: sign: [^\n]*no-key[^\n]*\n$/,
  );
  t.same(store.asked, [], "an index that cannot be signed");

  await failing(publishing, /\nsign: [^\n]*\n$/, /^billboard cycle: publish: [^\n]*500[^\n]*\n$/);
  t.notOk(
    server.log.some(({ event }) => event.startsWith("reload")),
    "one that is not published is not loaded",
  );

  answers = 201;
  await failing(publishing, /\npublish: [^\n]*\n$/, /^billboard cycle: reload: [^\n]*401[^\n]*\n$/);
  const accepted = await cycle([...words, "--no-reload", "--on-bad-row=reject", "--accept=rejected"]);
  t.equal(accepted.stdout.split("\n")[1], "guard: passed");
  writeFileSync(join(record, "impressions-bad.csv"), MALFORMED);
  const letBy = await cycle([...words, "--no-reload", "--on-bad-row=reject", "--accept=rejected"]);
  t.equal(letBy.stdout.split("\n")[1], "guard: passed, by --accept rejected");
});

await t.test("where nothing is recorded yet, one line says so, and the index stays", async (t) => {
  const { folder, out, words } = recording(t);
  t.equal((await cycle([...words, "--no-reload"])).status, 0);
  const before = filesOf(out);
  const empty = recordIn(join(folder, "empty"), SERVER, []);
  const none = await cycle(["--record", empty, "--out", out]);
  t.same(none, {
    status: 0,
    stdout: `build: nothing is recorded yet in ${empty}: files are closed at the end of each period\n`,
    stderr: "",
  });
  const gone = await cycle(["--record", join(folder, "gone"), "--out", out]);
  t.same([gone.status, gone.stdout], [1, ""]);
  t.match(gone.stderr, /^billboard cycle: build: [^\n]*gone: cannot be read \(ENOENT\)[^\n]*\n$/);
  t.same(filesOf(out), before);
});

await t.test("wrong usage, files of one name, and another build in the folder are one line each", async (t) => {
  const { folder, out, record, words } = recording(t);
  for (const [more, message] of [
    [["--every", "1 hour"], /--every: got "1 hour", expected a length of time such as 30s/],
    [["--window", "0d"], /--window: got "0d"/],
    [["--explore", "1"], /--explore: got "1"/],
    [["--publish", "ftp://host/index.bin"], /--publish: got/],
    [["--record", record], /is given twice/],
  ] as const) {
    const { status, stdout, stderr } = await cycle([...words, ...more]);
    t.same([status, stdout], [2, ""]);
    t.match(stderr, message);
    t.match(stderr, /^billboard cycle: [^\n]*\n$/);
  }
  const copy = recordIn(join(folder, "copy"), SERVER, EVENTS.slice(0, 1));
  const twice = await cycle([...words, "--record", copy]);
  t.equal(twice.status, 1);
  t.match(twice.stderr, /^billboard cycle: build: [^\n]* and [^\n]* have the same name: [^\n]*\n$/);

  t.equal((await cycle([...words, "--no-reload"])).status, 0);
  const lock = await lockFolder(out);
  const busy = await cycle(words);
  await lock.release();
  t.same([busy.status, busy.stdout], [1, ""]);
  t.match(
    busy.stderr,
    /^billboard cycle: build: [^\n]*out: another build or pull \(process \d+\) is running there[^\n]*\n$/,
  );
});

/** A cycle that goes on beside the test. */
class RunningCycle {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly lines: string[] = [];
  #onLine: () => void = () => undefined;

  constructor(words: readonly string[]) {
    const [program, ...first] = bareProgram(BILLBOARD, "cycle", ...words);
    const env = { PATH: process.env["PATH"], ...ALONE };
    this.process = spawn(program, first, { env, stdio: ["ignore", "pipe", "pipe"] });
    const closed = once(this.process, "close") as Promise<[number | null]>;
    const read = [this.process.stdout!, this.process.stderr!].map((input) => {
      const lines = createInterface({ input }).on("line", (line) => {
        this.lines.push(line);
        this.#onLine();
      });
      return once(lines, "close");
    });
    this.exited = Promise.all([closed, ...read]).then(([[code]]) => code);
  }

  async said(pattern: RegExp, times = 1): Promise<void> {
    while (this.lines.filter((line) => pattern.test(line)).length < times) {
      const heard = new Promise<void>((resolve) => (this.#onLine = resolve));
      const ended = this.exited.then(() => {
        throw new Error(`ended before ${String(pattern)}: ${this.lines.join("\n")}`);
      });
      await Promise.race([heard, ended]);
    }
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const)
  await t.test(`a round that fails is told, and the next one comes, until ${signal}`, async (t) => {
    const { record, words } = recording(t);
    const bad = join(record, "impressions-bad.csv");
    writeFileSync(bad, MALFORMED);
    const running = new RunningCycle([...words, "--every", "1s"]);
    await running.said(/^billboard cycle: build: 1 malformed row/, 2);
    rmSync(bad);
    await running.said(/^guard: passed$/, 2);
    running.process.kill(signal);
    t.equal(await running.exited, 0);
  });

await t.test("a signal ends a cycle after the step that runs, and another one in it", async (t) => {
  for (const { every, signals, status } of [
    { every: ["--every", "1h"], signals: 1, status: 0 },
    { every: [], signals: 1, status: 1 },
    { every: ["--every", "1h"], signals: 2, status: 1 },
  ]) {
    const { words } = recording(t);
    let answer: () => void = () => undefined;
    let onAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    const store = await PutServer.start(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
        onAsked();
      });
      return false;
    });
    const running = new RunningCycle([...words, ...every, "--publish", `${store.url}/index.bin`]);
    await asked;
    for (let sent = 0; sent < signals; sent++) {
      running.process.kill("SIGTERM");
      if (sent < signals - 1) await running.said(/^billboard cycle: ends once/);
    }
    if (signals === 1) {
      await running.said(/^billboard cycle: ends once/);
      answer();
    }
    t.equal(await running.exited, status);
    // The two outputs come in any order.
    const told = running.lines.filter((line) => /^(billboard cycle: )?(publish|reload)/.test(line)).sort();
    if (signals === 1)
      t.match(told, [
        /^billboard cycle: reload: left out, since the process is to end/,
        /^publish: .* is now generation/,
      ]);
    else t.match(told, [/^billboard cycle: publish: /]);
    answer();
    store.stop();
  }
});
