/** Drives a running server and judges every response: the command `billboard load-test`. */
import { readConfig } from "../../src/config.js";
import { command } from "../../src/options/command.js";
import { UsageError, type OptionTable, type OptionValues } from "../../src/options/options.js";
import { replaceFile, requireReplaceable } from "../../src/options/regular-file.js";
import { HEADER_NAME } from "../../src/recording/header-name.js";
import { FILE, machineTimeZone, oneWordOf, TIME_ZONE, wholeNumber, type ValueKind } from "../../src/options/values.js";
import { readCampaignList } from "./campaigns.js";
import { systemClock } from "./clock.js";
import { readExpectation } from "./expectation.js";
import { runLoadTest, type LoadTest } from "./run.js";
import { OPEN_TOLERANCE, REQUIRED_PER_MINUTE, SCENARIOS, type LoadSettings, type ScenarioName } from "./scenarios.js";
import { summary } from "./summary.js";
import type { Tally } from "./tally.js";

const MAX_REQUESTS = 10_000_000;
const REFRESH_MS = 200;

const DEFAULTS: LoadSettings = { connections: 32, requests: 50_000, rate: REQUIRED_PER_MINUTE, duration: 30 };

const ADDRESS: ValueKind<URL> = {
  placeholder: "URL",
  allowed: "an address such as http://127.0.0.1:8080, without a path",
  parse: (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url?.protocol === "http:" && url.href === `${url.origin}/` ? url : undefined;
  },
};

const CAMPAIGN_LIST: ValueKind<readonly number[]> = {
  placeholder: "LIST",
  allowed: "ids and ranges such as 1-50,77",
  parse: readCampaignList,
};

const CAMPAIGN: ValueKind<readonly number[]> = {
  placeholder: "ID",
  allowed: "a campaign's id",
  parse: (text) => (/^\d+$/.test(text) ? readCampaignList(text) : undefined),
};

const OPTIONS = {
  url: { ...ADDRESS, help: "the server, at PORT where that is set (http://127.0.0.1:8080)" },
  scenario: { ...oneWordOf(Object.keys(SCENARIOS) as ScenarioName[]), default: "visitors", help: "see below" },
  index: { ...FILE, help: "hold the banners against this index" },
  campaigns: { ...CAMPAIGN_LIST, help: "ask for these campaigns" },
  campaign: { ...CAMPAIGN, help: "ask for this campaign" },
  connections: { ...wholeNumber(1, 10_000), help: `connections at once, a visitor on each (${DEFAULTS.connections})` },
  requests: { ...wholeNumber(1, MAX_REQUESTS), help: `requests in all (${DEFAULTS.requests})` },
  rate: { ...wholeNumber(1, MAX_REQUESTS), help: `requests a minute (${DEFAULTS.rate})` },
  duration: { ...wholeNumber(1, 86_400), help: `seconds to send (${DEFAULTS.duration})` },
  timeout: { ...wholeNumber(1, 3_600), default: "10", help: "seconds that a response may take" },
  "ignore-header": { ...HEADER_NAME, help: "send this header, which RECORD_IGNORE_HEADER names: record none of it" },
  "time-zone": { ...TIME_ZONE, help: "the server's, if it is not this machine's" },
  json: { ...FILE, help: "write the figures there too" },
} as const satisfies OptionTable;

const NOTES = `Scenarios:
${Object.entries(SCENARIOS)
  .map(
    ([name, { help, options }]) =>
      `  ${name.padEnd(10)}${help}; takes ${options.map((option) => `--${option}`).join(", ")}\n`,
  )
  .join("")}
Campaigns are those of --campaigns, else those that the index has now, else those of 1 to 100 that are there.
With --index, a 404 is right where the index does not have the campaign in this period.
Without it, any banner is right, and a repeat is wrong where the campaign showed another banner in the same minute.

Exit code: 0 where all went well; 1 where a request failed, a response is against the rules, or fewer than ${REQUIRED_PER_MINUTE}
requests a minute were answered (of fewer, where --rate asks for fewer; a rate is kept within ${OPEN_TOLERANCE * 100} %); 2 for wrong usage.`;

export const loadTest = command({
  name: "billboard load-test",
  summary: "Drives a running server and judges every response.",
  options: OPTIONS,
  notes: NOTES,
  run: async (values) => {
    const test = loadTestOf(values);
    const { index, json, "time-zone": timeZone = machineTimeZone(process.env["TZ"]) } = values;
    if (timeZone === undefined)
      throw new UsageError("--time-zone must be given: the zone of this machine has no name that Node.js knows");
    // Before minutes are spent on figures that cannot be written.
    if (json !== undefined) requireReplaceable(json);
    const interrupt = new AbortController();
    // Once: a second Ctrl-C ends the process at once.
    process.once("SIGINT", () => {
      interrupt.abort(new Error("interrupted"));
    });
    const expectation = index === undefined ? undefined : await readExpectation(index, timeZone);
    const surroundings = { clock: systemClock, signal: interrupt.signal, watch: showProgress };
    const figures = await runLoadTest({ ...test, expectation }, surroundings);
    process.stdout.write(summary(figures));
    if (json !== undefined) replaceFile(json, `${JSON.stringify(figures, undefined, 2)}\n`);
    return figures.shortcomings.length === 0 ? 0 : 1;
  },
});

export function loadTestOf(values: OptionValues<typeof OPTIONS>): Omit<LoadTest, "expectation"> {
  const { scenario, campaign, campaigns, timeout } = values;
  const url = values.url ?? new URL(`http://127.0.0.1:${readConfig({}).PORT}`);
  const { options, load: loadOf } = SCENARIOS[scenario];
  for (const option of new Set(Object.values(SCENARIOS).flatMap(({ options }) => options)))
    if (values[option] !== undefined && !options.includes(option))
      throw new UsageError(`--${option}: scenario ${scenario} does not take it`);
  if (campaign !== undefined && campaigns !== undefined)
    throw new UsageError("--campaign and --campaigns: expected one of them");
  const { connections, requests, rate, duration } = values;
  const load = loadOf({
    connections: connections ?? DEFAULTS.connections,
    requests: requests ?? DEFAULTS.requests,
    rate: rate ?? DEFAULTS.rate,
    duration: duration ?? DEFAULTS.duration,
  });
  if (load.requests > MAX_REQUESTS)
    throw new UsageError(`--rate for --duration: got ${load.requests} requests, expected at most ${MAX_REQUESTS}`);
  return { url, scenario, load, timeout, ignoreHeader: values["ignore-header"], campaigns: campaign ?? campaigns };
}

function showProgress(tally: Tally, requests: number): () => void {
  if (!process.stderr.isTTY) return () => undefined;
  const timer = setInterval(() => {
    const wrong = tally.failed.total + tally.violations.total;
    process.stderr.write(`\r\x1b[K${tally.complete} of ${requests} requests, ${wrong} wrong`);
  }, REFRESH_MS);
  return () => {
    clearInterval(timer);
    process.stderr.write("\r\x1b[K");
  };
}
