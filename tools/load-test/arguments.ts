/** The command line to a checked request for a load test: one table of options, from which the help is made too. */
import { parseArgs } from "node:util";
import type { ValueOption } from "../../src/options/options.js";
import { text } from "../../src/options/values.js";
import { readCampaign, readCampaignList } from "./campaign-list.js";
import { OPEN_TOLERANCE, REQUIRED_PER_MINUTE, SCENARIOS, type Load, type ScenarioName } from "./scenarios.js";

export interface Arguments {
  readonly url: URL;
  readonly scenario: ScenarioName;
  readonly load: Load;
  /** Seconds. */
  readonly timeout: number;
  readonly campaigns: readonly number[] | undefined;
  readonly index: string | undefined;
  /** An IANA name. */
  readonly timeZone: string;
  readonly json: string | undefined;
}

interface Option {
  readonly type: "string" | "boolean";
  /** What stands for the value in the help. */
  readonly value: string;
  /** What is taken where the option is not given. */
  readonly fallback?: string;
  readonly help: string;
}

const OPTIONS = {
  url: { type: "string", value: "URL", fallback: "http://127.0.0.1:8080", help: "the server" },
  scenario: { type: "string", value: "NAME", fallback: "visitors", help: "what to ask of it, see below" },
  index: { type: "string", value: "FILE", help: "hold the banners against this index" },
  campaigns: { type: "string", value: "LIST", help: "ask for these campaigns, such as 1-50,77" },
  campaign: { type: "string", value: "C", help: "ask for this campaign" },
  connections: { type: "string", value: "N", fallback: "32", help: "connections at once, a visitor on each" },
  requests: { type: "string", value: "N", fallback: "50000", help: "requests in all" },
  rate: { type: "string", value: "N", fallback: String(REQUIRED_PER_MINUTE), help: "requests a minute" },
  duration: { type: "string", value: "SECONDS", fallback: "30", help: "how long to send" },
  timeout: { type: "string", value: "SECONDS", fallback: "10", help: "how long an answer may take" },
  "time-zone": { type: "string", value: "ZONE", help: "the server's, if it is not this machine's" },
  json: { type: "string", value: "FILE", help: "write the figures there too" },
  help: { type: "boolean", value: "", help: "this text" },
} as const satisfies Record<string, Option>;

type OptionName = keyof typeof OPTIONS;
type Values = Readonly<Partial<Record<OptionName, string | boolean>>>;

const MOST_REQUESTS = 10_000_000;
const MOST_CONNECTIONS = 10_000;
const MOST_SECONDS = 86_400;
const MOST_TIMEOUT_SECONDS = 3_600;

/**
 * @returns undefined where the help is asked for
 * @throws Error for wrong usage
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const values: Values = parseArgs({ args: [...args], options: OPTIONS }).values;
  if (values.help === true) return undefined;
  const scenario = readScenario(values);
  const load = SCENARIOS[scenario].load({
    connections: readNumber(values, "connections", MOST_CONNECTIONS),
    requests: readNumber(values, "requests", MOST_REQUESTS),
    rate: readNumber(values, "rate", MOST_REQUESTS),
    duration: readNumber(values, "duration", MOST_SECONDS),
  });
  if (load.requests > MOST_REQUESTS)
    throw new Error(`--rate for --duration: got ${load.requests} requests, expected at most ${MOST_REQUESTS}`);
  return {
    url: readUrl(values),
    scenario,
    load,
    timeout: readNumber(values, "timeout", MOST_TIMEOUT_SECONDS),
    campaigns: readCampaigns(values),
    index: given(values, "index"),
    timeZone: readTimeZone(values),
    json: given(values, "json"),
  };
}

/** The same as a command's table. */
export const TABLE: Readonly<Record<string, ValueOption<string>>> = Object.fromEntries(
  (Object.entries(OPTIONS) as [string, Option][])
    .filter(([, { type }]) => type === "string")
    .map(([name, { value, help, fallback }]) => [
      name,
      { ...text(value, ""), help: fallback === undefined ? help : `${help} (${fallback})` },
    ]),
);

const SCENARIO_LINES = Object.entries(SCENARIOS).map(
  ([name, { help, options }]) =>
    `  ${name.padEnd(10)}${help}; takes ${options.map((option) => `--${option}`).join(", ")}\n`,
);

export const NOTES = `Scenarios:
${SCENARIO_LINES.join("")}
Campaigns are those of --campaigns, else those that the index has now, else those of 1 to 100 that are there.
With --index, a 404 is right where the index does not have the campaign in this period.
Without it, any banner is right, and a repeat is wrong where the campaign showed another banner in the same minute.
Exit code: 0 where all went well; 1 where a request failed, an answer is against the rules, or fewer than ${REQUIRED_PER_MINUTE}
requests a minute were answered (of fewer, where --rate asks for fewer; a rate is kept within ${OPEN_TOLERANCE * 100} %); 2 for wrong usage.`;

function given(values: Values, name: OptionName): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

function wrong(name: OptionName, got: string, expected: string): Error {
  return new Error(`--${name}: got ${JSON.stringify(got)}, expected ${expected}`);
}

function readScenario(values: Values): ScenarioName {
  const name = given(values, "scenario") ?? OPTIONS.scenario.fallback;
  if (!Object.hasOwn(SCENARIOS, name)) throw wrong("scenario", name, `one of ${Object.keys(SCENARIOS).join(", ")}`);
  const scenario = name as ScenarioName;
  const owned = new Set(Object.values(SCENARIOS).flatMap(({ options }) => options));
  for (const option of Object.keys(values))
    if (owned.has(option) && !SCENARIOS[scenario].options.includes(option))
      throw new Error(`--${option}: scenario ${name} does not take it`);
  return scenario;
}

function readNumber(
  values: Values,
  name: "connections" | "requests" | "rate" | "duration" | "timeout",
  most: number,
): number {
  const text = given(values, name) ?? OPTIONS[name].fallback;
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > most) throw wrong(name, text, `a whole number from 1 to ${most}`);
  return Number(text);
}

function readUrl(values: Values): URL {
  const text = given(values, "url") ?? OPTIONS.url.fallback;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" || url.href !== `${url.origin}/`)
    throw wrong("url", text, "an address such as http://127.0.0.1:8080, without a path");
  return url;
}

function readTimeZone(values: Values): string {
  const zone = given(values, "time-zone") ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    // The constructor's RangeError is how the platform says that it does not know a zone.
    throw wrong("time-zone", zone, "an IANA time zone such as Europe/Berlin");
  }
}

function readCampaigns(values: Values): readonly number[] | undefined {
  const one = given(values, "campaign");
  const list = given(values, "campaigns");
  if (one !== undefined && list !== undefined) throw new Error("--campaign and --campaigns: expected one of them");
  if (one !== undefined) {
    if (readCampaign(one) === 0) throw wrong("campaign", one, "a campaign's id");
    return [readCampaign(one)];
  }
  if (list === undefined) return undefined;
  const campaigns = readCampaignList(list);
  if (campaigns === undefined) throw wrong("campaigns", list, "ids and ranges such as 1-50,77");
  return campaigns;
}
