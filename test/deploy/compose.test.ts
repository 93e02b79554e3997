import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { parse } from "yaml";
import { readConfig, VARIABLE_NAMES, VARIABLES } from "../../src/config.js";
import { conversionSettings, recordingSettings } from "../../src/intake/settings.js";

const OUTPUT = join(import.meta.dirname, "../..");
const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes: readonly (string | { readonly source: string; readonly target: string })[];
  readonly stop_grace_period?: string;
}
interface Prometheus {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
}

const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");
const readYaml = (name: string): unknown => parse(read(name), { merge: true });

const { services } = readYaml("compose.yaml") as { readonly services: Readonly<Record<string, Service>> };
const { builder, server, prometheus, grafana } = services as Record<
  "builder" | "server" | "prometheus" | "grafana",
  Service
>;
const [, env = ""] = /^ENV ((?:.*\\\n)*.*)$/m.exec(read("Dockerfile")) ?? [];
const imageEnv = Object.fromEntries([...env.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!]));

await t.test("the image and compose.yaml set settings that the server has", (t) => {
  const names = [imageEnv, builder.environment!, server.environment!].flatMap(Object.keys);
  t.same(
    names.filter((name) => ![...VARIABLE_NAMES, "NODE_ENV"].includes(name)),
    [],
  );
  t.ok(names.length >= 7);
  t.end();
});

await t.test("deploy/compose/recording.yaml has the server record with secrets that it makes", (t) => {
  const { services: added, volumes } = readYaml("deploy/compose/recording.yaml") as {
    readonly services: Readonly<Record<string, Service & { readonly command?: readonly string[] }>>;
    readonly volumes: Readonly<Record<string, unknown>>;
  };
  const folder = t.testdir({});
  const script = added["recording-secrets"]!.command![0]!.replaceAll("$$", "$").replaceAll("/run/billboard", folder);
  // The second time nothing changes.
  const made = [1, 2].map(() => {
    const { status, stderr } = spawnSync("sh", ["-euc", script], { encoding: "utf8" });
    t.same([status, stderr], [0, ""]);
    return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
  });
  t.same(made[0], made[1]);
  const placed = Object.entries({ ...server.environment, ...added["server"]!.environment }).map(([name, value]) => [
    name,
    value.replace("/run/billboard", folder),
  ]);
  const config = readConfig({}, { ...(Object.fromEntries(placed) as Record<string, string>), TIME_ZONE: "UTC" });
  const { folder: record } = recordingSettings(config)!;
  t.match(conversionSettings(config), { host: "0.0.0.0", port: 8083, token: /^[0-9a-f]{64}$/ });
  t.same(Object.keys(volumes), ["record"]);
  t.same(added["server"]!.volumes, [`record:${record}`]);
  t.same(added["builder"]!.volumes, [`record:${record}:ro`]);
  t.match(
    read("Dockerfile"),
    new RegExp(`^RUN install -d -o node -g node .*${record} `, "m"),
    "the user may write there",
  );
  for (const each of [server, builder]) t.notMatch(Object.keys(each.environment!).join(), /RECORD|CONVERSION/);
  t.end();
});

await t.test("what compose.yaml mounts of the checkout is there", (t) => {
  const sources = Object.values(services)
    .flatMap(({ volumes }) => volumes)
    .map((volume) =>
      typeof volume === "string" ? volume.split(":")[0]! : volume.source.replace(/^\$\{\w+:-(.*)\}$/, "$1"),
    )
    .filter((source) => source.startsWith("."));
  t.equal(sources.length, 6);
  for (const source of sources) t.ok(existsSync(join(ROOT, source)), source);
  t.end();
});

await t.test("Prometheus finds the alerts beside its configuration", (t) => {
  const { rule_files: files } = readYaml("deploy/compose/prometheus.yml") as Prometheus;
  const mounted = prometheus.volumes.map((volume) => (volume as string).split(":")[1]!);
  t.same(
    files.map((file) => join("/etc/prometheus", file)).filter((file) => !mounted.includes(file)),
    [],
  );
  t.ok(files.length > 0 && mounted.includes("/etc/prometheus/prometheus.yml"));
  t.end();
});

await t.test("Prometheus asks the server's health port, and Grafana asks Prometheus and finds the dashboard", (t) => {
  const { scrape_configs: configs } = readYaml("deploy/compose/prometheus.yml") as Prometheus;
  const targets = configs.flatMap((config) => config.static_configs.flatMap(({ targets }) => targets));
  t.same(targets, [`server:${imageEnv["HEALTH_PORT"]!}`]);
  const sources = readYaml("deploy/compose/grafana/datasources/prometheus.yml") as { datasources: { url: string }[] };
  t.same(
    sources.datasources.map(({ url }) => url),
    ["http://prometheus:9090"],
  );
  const providers = readYaml("deploy/compose/grafana/dashboards/billboard.yml") as {
    providers: { options: { path: string } }[];
  };
  const mounted = grafana.volumes.map((volume) => (typeof volume === "string" ? volume.split(":")[1]! : volume.target));
  const dashboard = grafana.environment!["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]!;
  t.ok(mounted.includes(dashboard));
  t.same(
    providers.providers.map(({ options }) => options.path),
    [dirname(dashboard)],
  );
  t.end();
});

await t.test("the server may take its time to end before it is killed", (t) => {
  t.ok(Number.parseInt(server.stop_grace_period!, 10) > Number(VARIABLES.SHUTDOWN_TIMEOUT.default));
  t.end();
});
