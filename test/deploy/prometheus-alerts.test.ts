import { spawnSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parse, stringify } from "yaml";
import { Metrics } from "../../src/admin/metrics.js";
import { missing } from "../needed-programs.js";
import { stateOf } from "../src/admin/server-state.js";
import { DEPLOY, shipped } from "./shipped.js";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const RULES_FILE = "prometheus-alerts.yml";
const rules = (parse(shipped(RULES_FILE)) as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);

/** Series by minute, in promtool's notation: `0x30` is 0 for half an hour, `0+1x30` one more each minute. */
type Series = Readonly<Record<string, string>>;

interface Case {
  readonly what: string;
  readonly series: Series;
  /** Minutes after the start at which the alert is looked for. */
  readonly at: number;
  /** The labels of each alert that fires, but for its severity; none where it must not. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

const A = { job: "billboard", instance: "a:8082" };
const of = (name: string, instance = "a", more = ""): string =>
  `${name}{job="billboard",instance="${instance}:8082"${more}}`;
const served = (instance: string, generation: string): string =>
  of("billboard_index_info", instance, `,generation="${generation}"`);
const reloads = (result: string): string => of("billboard_index_reloads_total", "a", `,result="${result}"`);
const transfers = (result: string): string => of("billboard_pull_transfers_total", "a", `,result="${result}"`);
const dropped = (kind: string): string => of("billboard_recording_dropped_total", "a", `,kind="${kind}"`);
const requests = (code: number, instance = "a"): string =>
  of("billboard_http_requests_total", instance, `,route="page",code="${code}"`);
const DAY = 24 * 60;

const CASES: Readonly<Record<string, readonly Case[]>> = {
  BillboardMissing: [
    { what: "no server is known", series: { 'up{job="node"}': "1x30" }, at: 5, fires: [{ job: "billboard" }] },
    { what: "one is down", series: { [of("up")]: "0x30" }, at: 20, fires: [] },
    { what: "Prometheus restarts", series: { [of("up")]: "_x4 1x30" }, at: 3, fires: [] },
  ],
  BillboardDown: [
    { what: "one of two is down", series: { [of("up")]: "1x9 0x20", [of("up", "b")]: "1x30" }, at: 12, fires: [A] },
    { what: "it is restarted", series: { [of("up")]: "1x9 0 0 1x20" }, at: 11, fires: [] },
    { what: "another job is down", series: { 'up{job="node",instance="a:9100"}': "0x30" }, at: 20, fires: [] },
  ],
  BillboardNotReady: [
    {
      what: "it has no worker",
      series: { [of("billboard_workers")]: "4x9 0x20", [served("a", "1111")]: "1x30" },
      at: 12,
      fires: [A],
    },
    {
      what: "it has no index",
      series: { [of("billboard_workers")]: "4x30", [served("a", "")]: "0x30" },
      at: 2,
      fires: [A],
    },
    {
      what: "it replaces one worker of two, and another has none for a minute",
      series: {
        [of("billboard_workers")]: "2x9 1x20",
        [of("billboard_workers", "b")]: "2x9 0 2x20",
        [served("a", "1111")]: "1x30",
      },
      at: 10,
      fires: [],
    },
  ],
  BillboardWorkerHangs: [
    { what: "one hangs", series: { [of("billboard_worker_hangs_total")]: "0x9 1x20" }, at: 12, fires: [A] },
    { what: "one hung long ago", series: { [of("billboard_worker_hangs_total")]: "0x9 1x90" }, at: 60, fires: [] },
  ],
  BillboardErrors: [
    {
      what: "two in a hundred fail, on one of two servers",
      series: { [requests(200)]: "0+50x30", [requests(500)]: "0+2x30", [requests(200, "b")]: "0+48x30" },
      at: 12,
      fires: [{ job: "billboard" }],
    },
    {
      what: "one in two hundred fails, and half are not found",
      series: { [requests(200)]: "0+99x30", [requests(404)]: "0+100x30", [requests(500)]: "0+1x30" },
      at: 20,
      fires: [],
    },
    {
      what: "all fail for a moment",
      series: { [requests(200)]: "0+100x9 1000+100x30", [requests(500)]: "0x9 20x30" },
      at: 12,
      fires: [],
    },
    { what: "nobody comes", series: { [requests(200)]: "5x30", [requests(500)]: "0x30" }, at: 20, fires: [] },
  ],
  BillboardIndexOld: [
    {
      what: "the index is that of two days ago, though the server was replaced since",
      series: { [served("a", "1111")]: `1x${DAY} stale`, [served("b", "1111")]: `_x${DAY} 1x${DAY}` },
      at: 2 * DAY,
      fires: [{ job: "billboard", generation: "1111" }],
    },
    {
      what: "a new one comes each day",
      series: { [served("a", "1111")]: `1x${DAY} stale`, [served("a", "2222")]: `_x${DAY} 1x${DAY}` },
      at: 2 * DAY,
      fires: [],
    },
    { what: "it is 36 hours old", series: { [served("a", "1111")]: `1x${2 * DAY}` }, at: 36 * 60 + 14, fires: [] },
    {
      what: "it is a little older",
      series: { [served("a", "1111")]: `1x${2 * DAY}` },
      at: 36 * 60 + 16,
      fires: [{ job: "billboard", generation: "1111" }],
    },
    {
      what: "there was none then",
      series: { [served("a", "")]: `0x${2 * DAY}`, [served("b", "1111")]: `_x${DAY} 1x${DAY}` },
      at: 2 * DAY,
      fires: [],
    },
  ],
  BillboardTwoGenerations: [
    {
      what: "one of three stays behind",
      series: {
        [served("a", "1111")]: "1x40",
        [served("b", "1111")]: "1x9 stale",
        [served("b", "2222")]: "_x9 1x40",
        [served("c", "2222")]: "1x40",
      },
      at: 30,
      fires: [{ job: "billboard" }],
    },
    {
      what: "all take a new one up within ten minutes",
      series: {
        [served("a", "1111")]: "1x19 stale",
        [served("a", "2222")]: "_x19 1x40",
        [served("b", "1111")]: "1x9 stale",
        [served("b", "2222")]: "_x9 1x40",
      },
      at: 15,
      fires: [],
    },
    {
      what: "one has none yet, and another job has its own",
      series: {
        [served("a", "1111")]: "1x40",
        [served("b", "")]: "0x40",
        'billboard_index_info{job="staging",instance="c:8082",generation="2222"}': "1x40",
      },
      at: 30,
      fires: [],
    },
  ],
  BillboardSourceUnreachable: [
    {
      what: "it fails after a success",
      series: {
        [of("billboard_pull_last_success_timestamp_seconds")]: "0+60x9 540x60",
        [transfers("failed")]: "0x9 0+1x60",
        [transfers("unchanged")]: "0+1x9 9x60",
      },
      at: 40,
      fires: [A],
    },
    {
      what: "it never succeeded",
      series: { [of("billboard_pull_last_success_timestamp_seconds")]: "0x60", [transfers("failed")]: "0+1x60" },
      at: 40,
      fires: [A],
    },
    {
      what: "it failed, and succeeds again",
      series: {
        [of("billboard_pull_last_success_timestamp_seconds")]: "0x30 1860+60x30",
        [transfers("failed")]: "0+1x30 30x30",
      },
      at: 40,
      fires: [],
    },
    {
      what: "it has no source, and another asks once a day",
      series: {
        [of("billboard_pull_last_success_timestamp_seconds")]: "0x60",
        [transfers("failed")]: "0x60",
        [of("billboard_pull_last_success_timestamp_seconds", "b")]: "60x60",
      },
      at: 40,
      fires: [],
    },
  ],
  BillboardReloadRefused: [
    { what: "a reload is refused", series: { [reloads("refused")]: "0x9 1x30" }, at: 12, fires: [A] },
    { what: "a transfer is refused", series: { [transfers("refused")]: "0x9 1x30" }, at: 12, fires: [A] },
    {
      what: "both are, of one index",
      series: { [reloads("refused")]: "0x9 1x30", [transfers("refused")]: "0x9 1x30" },
      at: 12,
      fires: [A],
    },
    {
      what: "others are replaced, and one was refused long ago",
      series: { [reloads("replaced")]: "0+1x60", [transfers("failed")]: "0+1x60", [reloads("refused")]: "0x9 1x60" },
      at: 40,
      fires: [],
    },
  ],
  BillboardRecordingFails: [
    { what: "it fails", series: { [of("billboard_recording_failing")]: "0x9 1x20" }, at: 12, fires: [A] },
    {
      what: "it fails for a minute",
      series: { [of("billboard_recording_failing")]: "0x9 1 1 0x20" },
      at: 11,
      fires: [],
    },
  ],
  BillboardEventsLost: [
    {
      what: "impressions and clicks are lost",
      series: { [dropped("impressions")]: "0x9 70x30", [dropped("clicks")]: "0x9 3x30" },
      at: 12,
      fires: [A],
    },
    {
      what: "some were, long ago",
      series: { [dropped("impressions")]: "0x9 70x60", [dropped("clicks")]: "0x60" },
      at: 40,
      fires: [],
    },
  ],
  BillboardLogLinesDropped: [
    { what: "lines are lost", series: { [of("billboard_log_lines_dropped_total")]: "0x9 70x30" }, at: 12, fires: [A] },
    {
      what: "they were, long ago",
      series: { [of("billboard_log_lines_dropped_total")]: "0x9 70x60" },
      at: 40,
      fires: [],
    },
  ],
};

interface Finished {
  readonly status: number | null;
  readonly output: string;
}

function promtool(folder: string, ...words: string[]): Finished {
  const { status, stdout, stderr } = spawnSync("promtool", words, { cwd: folder, encoding: "utf8", timeout: 120_000 });
  return { status, output: stdout + stderr };
}

/** The text of a template, with the labels and the value that it was filled with, is for promtool to compare. */
function filled(text: string, labels: Readonly<Record<string, string>>, value: string): string {
  return text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? "?")
    .replace(/\{\{ \$value[^}]*\}\}/g, value);
}

/** Of the cases whose alert tells a number. */
const VALUES: Readonly<Record<string, string>> = { BillboardErrors: "2%", BillboardTwoGenerations: "2" };

const skip = missing("promtool");

for (const rule of rules)
  await t.test(`${rule.alert} fires where it should, and only there`, { skip }, (t) => {
    const cases = CASES[rule.alert] ?? [];
    t.ok(cases.some(({ fires }) => fires.length > 0) && cases.some(({ fires }) => fires.length === 0));
    const folder = t.testdir({});
    copyFileSync(join(DEPLOY, RULES_FILE), join(folder, RULES_FILE));
    for (const { what, series, at, fires } of cases) {
      const alerts = fires.map((labels) => ({
        exp_labels: { ...labels, severity: rule.labels.severity },
        exp_annotations: {
          summary: filled(rule.annotations.summary, labels, VALUES[rule.alert] ?? "?"),
          description: rule.annotations.description,
        },
      }));
      const test = {
        rule_files: [RULES_FILE],
        evaluation_interval: "1m",
        tests: [
          {
            interval: "1m",
            input_series: Object.entries(series).map(([series, values]) => ({ series, values })),
            alert_rule_test: [{ eval_time: `${at}m`, alertname: rule.alert, exp_alerts: alerts }],
          },
        ],
      };
      writeFileSync(join(folder, "test.yml"), stringify(test));
      const { status, output } = promtool(folder, "test", "rules", "test.yml");
      t.equal(status, 0, `${what}: ${output}`);
    }
    t.end();
  });

await t.test("promtool finds nothing wrong with the rules, nor with what loads them", { skip }, (t) => {
  for (const config of ["prometheus.yml", "compose/prometheus.yml"]) {
    const folder = t.testdir({ "prometheus.yml": shipped(config), [RULES_FILE]: shipped(RULES_FILE) });
    const { status, output } = promtool(folder, "check", "config", "prometheus.yml");
    t.equal(status, 0, output);
    t.match(output, `${rules.length} rules found`, config);
  }
  t.end();
});

await t.test("each alert asks for metrics and labels that a server has, and says what to do", async (t) => {
  const described = await new Metrics(stateOf()).describe();
  t.same(
    rules.map(({ alert }) => alert),
    Object.keys(CASES),
  );
  for (const { alert, expr, labels, annotations } of rules) {
    t.ok(["critical", "warning"].includes(labels.severity), alert);
    t.ok(annotations.summary.length > 10 && annotations.description.length > 50, `${alert} says what to do`);
    for (const [, name = "", selector = ""] of expr.matchAll(/\b(billboard_\w+)(?:\{([^}]*)\})?/g)) {
      const metric = described.find((each) => each.name === name);
      t.ok(metric, `${alert}: ${name}`);
      for (const [, label = ""] of selector.matchAll(/(\w+)=/g))
        t.ok(metric?.labels.includes(label), `${alert}: ${label}`);
    }
  }
});
