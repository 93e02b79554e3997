import t from "tap";
import { helpOf } from "../../../src/options/command.js";
import { readOptions } from "../../../src/options/options.js";
import { loadTest, loadTestOf } from "../../../tools/load-test/command.js";
import { SCENARIOS } from "../../../tools/load-test/scenarios.js";

const valuesOf = (text = ""): Parameters<typeof loadTestOf>[0] =>
  readOptions(loadTest.options, text === "" ? [] : text.split(" "));
const read = (text = ""): ReturnType<typeof loadTestOf> => loadTestOf(valuesOf(text));

await t.test("Without options, visitors go round the campaigns of the server on port 8080", (t) => {
  const test = read();
  t.equal(test.url.href, "http://127.0.0.1:8080/");
  t.equal(test.scenario, "visitors");
  t.same(test.load, { kind: "closed", requests: 50_000, connections: 32 });
  t.equal(test.campaigns, undefined);
  t.equal(test.timeout, 10);
  process.env["PORT"] = "9090";
  t.equal(read().url.href, "http://127.0.0.1:9090/", "that which PORT started");
  delete process.env["PORT"];
  t.end();
});

await t.test("The seed scenarios ask exactly 5,000 and 50,000 times, on 32 connections", (t) => {
  t.same(read("--scenario seed-5k").load, { kind: "closed", requests: 5_000, connections: 32 });
  t.same(read("--scenario seed-50k").load, { kind: "closed", requests: 50_000, connections: 32 });
  t.same(read("--scenario=seed-5k --campaign=9").campaigns, [9]);
  t.end();
});

await t.test("The rate scenario asks as many times as its rate has room for in its duration", (t) => {
  t.same(read("--scenario=rate").load, { kind: "open", requests: 2_500, perMinute: 5_000 });
  t.same(read("--scenario=rate --rate=600 --duration=5").load, { kind: "open", requests: 50, perMinute: 600 });
  t.equal(read("--scenario=rate --rate=1 --duration=1").load.requests, 1);
  t.end();
});

await t.test("Every other option is taken as it is given", (t) => {
  const options =
    "--url http://localhost:9090 --index i.bin --campaigns 2,1 --time-zone Asia/Tehran --json o.json " +
    "--connections 4 --requests 9 --timeout 3 --ignore-header X-Load";
  t.match(valuesOf(options), { index: "i.bin", "time-zone": "Asia/Tehran", json: "o.json" });
  const test = read(options);
  t.equal(test.url.origin, "http://localhost:9090");
  t.match(test, { campaigns: [1, 2], timeout: 3, ignoreHeader: "x-load" });
  t.same(test.load, { kind: "closed", requests: 9, connections: 4 });
  t.end();
});

await t.test("Wrong usage says which option, what it got and what was expected", (t) => {
  for (const [args, message] of [
    ["--scenario toString", /^--scenario: got "toString", expected one of seed-5k, seed-50k, visitors, rate$/],
    ["--requests 0", /^--requests: got "0", expected a whole number from 1 to \d+$/],
    ["--ignore-header a:b", /^--ignore-header: got "a:b", expected the name of a header/],
    ["--requests 1e3", /^--requests: got "1e3"/],
    ["--connections 100000", /^--connections: got "100000"/],
    ["--url localhost:8080", /^--url: got "localhost:8080", expected an address/],
    ["--url https://localhost", /^--url: /],
    ["--url http://localhost/campaigns/1", /^--url: /],
    ["--campaigns 1-x", /^--campaigns: got "1-x", expected ids and ranges such as 1-50,77$/],
    ["--scenario seed-5k --campaign 0", /^--campaign: got "0"/],
    ["--scenario seed-5k --campaign 1-2", /^--campaign: got "1-2", expected a campaign's id$/],
    ["--scenario seed-5k --campaign 1 --campaigns 2", /^--campaign and --campaigns: expected one of them$/],
    ["--time-zone Mars/Base", /^--time-zone: got "Mars\/Base", expected an IANA time zone/],
    ["--scenario rate --connections 4", /^--connections: scenario rate does not take it$/],
    ["--scenario rate --rate 10000000 --duration 86400", /^--rate for --duration: got \d+ requests/],
    ["--scenario seed-5k --requests 4", /^--requests: scenario seed-5k does not take it$/],
    ["--rate 100", /^--rate: scenario visitors does not take it$/],
    ["--campaign 1", /^--campaign: scenario visitors does not take it$/],
    ["--unknown", /Unknown option '--unknown'/],
    ["word", /Unexpected argument 'word'/],
  ] as const)
    t.throws(() => read(args), { name: "UsageError", message }, args);
  t.end();
});

await t.test("The help names every scenario and default", (t) => {
  const text = helpOf(loadTest);
  for (const scenario of Object.keys(SCENARIOS)) t.match(text, `\n  ${scenario} `);
  for (const words of [
    "--url URL ",
    "(http://127.0.0.1:8080)",
    "(32)",
    "(50000)",
    "(5000)",
    "(30)",
    "(10)",
    "within 1 %",
  ])
    t.ok(text.includes(words), words);
  t.end();
});
