/** Writes figures as text for people, laid out as ApacheBench does it. */
import { printable } from "../../src/options/printable.js";
import { formatCampaignList } from "./campaigns.js";
import type { Figures } from "./figures.js";
import { OPEN_TOLERANCE } from "./scenarios.js";

export function summary(figures: Figures): string {
  const lines = [...table(figures), ...latencies(figures), ...findings(figures), "", result(figures)];
  // A server under test may answer anything.
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function* table(figures: Figures): Generator<string> {
  const { campaigns, campaigns_from, failed, violations, latency_ms: latency } = figures;
  yield row("Server:", figures.server);
  yield row("Scenario:", figures.scenario);
  yield row("Campaigns:", `${campaigns.length}, ${campaigns_from}: ${formatCampaignList(campaigns)}`);
  if (figures.connections !== null) yield row("Concurrency:", figures.connections);
  yield row("Time taken:", `${figures.seconds.toFixed(3)} seconds`);
  yield row("Complete requests:", `${figures.complete} of ${figures.requests}`);
  yield row("Failed requests:", `${failed.total}${kindsOf(failed.kinds)}`);
  yield row("Violations:", `${violations.total}${kindsOf(violations.kinds)}`);
  yield row("Repeats not judged:", unjudgedOf(figures.unjudged_repeats));
  if (figures.recorded > 0)
    yield row("Recorded visits:", `${figures.recorded} or more, as if of visitors (--ignore-header leaves them out)`);
  yield row("Bytes in bodies:", figures.body_bytes);
  yield row("Requests per second:", figures.requests_per_second.toFixed(1));
  yield row("Requests per minute:", `${figures.requests_per_minute.toFixed(1)} (${requirement(figures)})`);
  if (latency !== null)
    yield row("Time per request:", `${milliseconds(latency.mean)} mean, ${milliseconds(latency.longest)} longest`);
  if (figures.longest_delay_ms !== null)
    yield row("Sent late:", `${milliseconds(figures.longest_delay_ms)} longest, counted in the times of requests`);
}

function row(label: string, value: string | number): string {
  return label.padEnd(24) + String(value);
}

function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function kindsOf(kinds: Figures["failed"]["kinds"]): string {
  const counts = Object.entries(kinds).map(([kind, { count }]) => `${kind}: ${count}`);
  return counts.length === 0 ? "" : ` (${counts.join(", ")})`;
}

function unjudgedOf(campaigns: Figures["unjudged_repeats"]): string {
  const ids = Object.keys(campaigns).map(Number);
  const total = Object.values(campaigns).reduce((sum, count) => sum + count, 0);
  return total === 0
    ? "0"
    : `${total} (only --index tells whether there was another banner: ${formatCampaignList(ids)})`;
}

function requirement({ required_per_minute, connections }: Figures): string {
  return `required: ${required_per_minute}${connections === null ? ` within ${OPEN_TOLERANCE * 100} %` : ""}`;
}

function* latencies({ latency_ms: latency }: Figures): Generator<string> {
  if (latency === null) return;
  yield "";
  yield "Percentage of the complete requests answered within a certain time (ms)";
  for (const [percent, value] of Object.entries(latency.percentiles))
    yield `${percent.padStart(5)} % ${value.toFixed(2).padStart(10)}${percent === "100" ? " (longest request)" : ""}`;
}

function* findings({ failed, violations }: Figures): Generator<string> {
  for (const [kind, { count, examples }] of [...Object.entries(failed.kinds), ...Object.entries(violations.kinds)]) {
    yield "";
    yield `${kind}: ${count}, of which the first:`;
    for (const { campaign, visitor, got, expected } of examples)
      yield `  campaign ${campaign}, visitor ${visitor}: got ${got}, expected ${expected}`;
  }
}

function result({ shortcomings, complete, requests_per_minute }: Figures): string {
  return shortcomings.length === 0
    ? `PASSED: ${complete} requests, none failed, none against the rules, ${requests_per_minute.toFixed(1)} a minute`
    : `FAILED: ${shortcomings.join("; ")}`;
}
