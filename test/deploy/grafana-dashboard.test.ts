import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { stateOf } from "../src/admin/server-state.js";
import { Metrics } from "../../src/admin/metrics.js";

const OUTPUT = join(import.meta.dirname, "../..");
const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(readFileSync(join(ROOT, "deploy/grafana-dashboard.json"), "utf8")) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
};

const metrics = new Metrics(stateOf());
const described = await metrics.describe();

/** Labels that Prometheus gives whatever it scrapes. */
const OF_PROMETHEUS = ["job", "instance"];

/** Names of metrics, as they stand before a selector, a bracket or the end. */
const namesIn = (text: string): string[] => text.match(/\b(billboard|process)_\w+/g) ?? [];

await t.test("the dashboard asks for metrics and labels that the server has", (t) => {
  for (const { title, targets } of dashboard.panels)
    for (const { expr } of targets) {
      const metric = described.find(({ name }) => name === namesIn(expr)[0]);
      t.ok(metric, `${title}: ${expr}`);
      const [, grouped = ""] = /by \(([^)]*)\)/.exec(expr) ?? [];
      const selected = [...expr.matchAll(/[{,](\w+)="/g)].map(([, label = ""]) => label);
      for (const label of [...grouped.split(", "), ...selected].filter(
        (label) => label !== "" && !OF_PROMETHEUS.includes(label),
      ))
        t.ok(metric!.labels.includes(label), `${title}: ${label}`);
      t.equal(
        /rate\(|increase\(/.test(expr),
        metric!.type === "counter",
        `${title}: a counter is asked for its growth`,
      );
    }
  for (const { definition = "" } of dashboard.templating.list)
    for (const name of namesIn(definition)) t.ok(described.some((metric) => metric.name === name));
  t.end();
});

await t.test("the dashboard shows every metric of Billboard's own", (t) => {
  const shown = new Set(dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))));
  t.same(
    described.map(({ name }) => name).filter((name) => name.startsWith("billboard_") && !shown.has(name)),
    [],
  );
  t.end();
});

await t.test("no two panels share an id or a place", (t) => {
  t.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
  const places = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
  );
  t.equal(new Set(places).size, places.length);
  t.ok(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24));
  t.end();
});
