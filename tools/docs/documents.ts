/** Makes the files that follow from the code: settings, commands, metrics, manifests, statements for ClickHouse. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { COMMANDS, overview } from "../../bin/commands.js";
import { Metrics } from "../../src/admin/metrics.js";
import type { ServerState } from "../../src/admin/state.js";
import { isSecret, optionNameOf, VARIABLE_NAMES, VARIABLES, type Setting } from "../../src/config.js";
import { helpOf } from "../../src/options/command.js";
import { newCounters } from "../../src/response/counters.js";
import { clickHouseStatements } from "./clickhouse-statements.js";
import { manifests } from "../kubernetes/manifests.js";

const OUTPUT = join(import.meta.dirname, "../..");
/** The repository, where this runs from `dist` and where it does not. */
export const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");

const GENERATED = "<!-- Written by `npm run docs` from the code: change it there. -->";
const METRICS_PART = /(<!-- metrics: [^>]*-->\n).*?(<!-- end of metrics -->)/s;

export async function generatedDocuments(): Promise<Readonly<Record<string, string>>> {
  const documents = {
    "docs/configuration.md": configuration(),
    "docs/cli.md": await commands(),
    "docs/operations.md": await withMetrics(textOf("docs/operations.md")),
    ...manifests(),
  };
  const formatted = Object.entries(documents).map(async ([path, text]) => {
    return [path, await format(text, { filepath: path, printWidth: 120 })] as const;
  });
  // Prettier knows no SQL.
  return { ...Object.fromEntries(await Promise.all(formatted)), ...clickHouseStatements() };
}

const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |\n`).join("");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (text: string): string => `\`${text}\``;

function configuration(): string {
  const rows = VARIABLE_NAMES.map((name) => {
    const { default: fallback, shownDefault, allowed, help }: Setting<unknown> = VARIABLES[name];
    const shown = shownDefault ?? (fallback === "" ? "none" : code(fallback));
    return [code(name), isSecret(name) ? "none" : code(`--${optionNameOf(name)}`), shown, allowed, help];
  });
  return `# Configuration

${GENERATED}

The server (\`billboard serve\`, \`npm start\`, \`make start\`) has the settings below. Each is a variable of the
environment and, but for the tokens, an option of \`billboard serve\`; an option wins over its variable, and a variable that is set to nothing
counts as not set. All of them are checked before anything starts: a value that is not allowed ends the server with exit
code 2 and one line that names the setting, the value and what is allowed. There is no configuration file, and nothing is
read again while the server runs.

${table(["variable", "option", "default", "allowed", "what it does"], rows)}`;
}

async function commands(): Promise<string> {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const scriptRows = Object.entries(scripts).flatMap(([name, script]) => {
    const [, command] = /billboard\.js (\S+)$/.exec(script) ?? [];
    return command === undefined
      ? []
      : [[code(name === "start" ? "npm start" : `npm run ${name}`), code(`billboard ${command}`)]];
  });
  const targets = [...textOf("Makefile").matchAll(/^([a-z-]+):.*?## (.*)$/gm)];
  const targetRows = targets.map(([, target = "", text = ""]) => [code(`make ${target}`), text]);
  const chapters = Object.entries(COMMANDS).map(async ([name, load]) => {
    return `## billboard ${name}\n\n\`\`\`text\n${helpOf(await load())}\`\`\`\n`;
  });
  const contents = Object.keys(COMMANDS).map((name) => `- [billboard ${name}](#billboard-${name})\n`);
  return `# Commands

${GENERATED}

${contents.join("")}
\`billboard\` is one program with the commands below: \`npx billboard COMMAND\` where the package is installed,
\`node dist/bin/billboard.js COMMAND\` in a clone after \`npm ci && npm run compile\`. Exit codes are 0 done, 1 bad data or
a failed check, 2 wrong usage. An error is one line on standard error that names the file, the place and the remedy;
\`--debug\` adds where in the program it was.

\`\`\`text
${await overview()}\`\`\`

The scripts of the repository call it; options stand behind \`--\`, as in \`npm run inspect-index -- --json\`:

${table(["script", "calls"], scriptRows)}
And \`make\` does what one does every day. \`DATA\` and \`BANNERS\` name the folders of the data and of the images,
until others are named, \`PID_FILE\` the file by which the running server is found, and \`ARGS\` is handed to the command
behind the target: \`make start ARGS="--on-bad-row reject"\`.

${table(["target", "does"], targetRows)}
${(await Promise.all(chapters)).join("\n")}`;
}

async function withMetrics(text: string): Promise<string> {
  if (!METRICS_PART.test(text)) throw new Error("docs/operations.md has no comments `metrics:` and `end of metrics`");
  const idle: ServerState = {
    served: undefined,
    unreadiness: undefined,
    port: 0,
    fixedPeriod: undefined,
    recording: undefined,
    engine: "uws",
    counters: [newCounters()],
    listening: 0,
    connections: { open: 0, limit: 0 },
    turnedAway: [],
    restarts: 0,
    hangs: 0,
    logLinesDropped: 0,
    pull: undefined,
    requestReload: () => undefined,
    compare: () => Promise.resolve(),
  };
  const described = await new Metrics(idle).describe();
  const rows = described.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(", "), help]);
  const metrics = table(["metric", "type", "labels", "what it says"], rows);
  return text.replace(METRICS_PART, (_, start: string, end: string) => `${start}\n${metrics}\n${end}`);
}
