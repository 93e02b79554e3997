/** Holds .github/workflows/ to GitHub's own schema, and to the commands of .ci/run. It cannot be run here. */
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import t from "tap";
import { parse } from "yaml";
import { ROOT } from "../tools/docs/documents.js";

type Parser = typeof import("@actions/workflow-parser");
type Step = Readonly<Partial<Record<"uses" | "run", string>>>;
interface Workflow {
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, { readonly "timeout-minutes": number; readonly steps: readonly Step[] }>>;
}

const require = createRequire(import.meta.url);
const folder = join(ROOT, ".github/workflows");
// As it comes, Node.js refuses it: it imports JSON without saying so.
const outfile = join(t.testdir(), "parser.cjs");
const entryPoints = [join(ROOT, "node_modules/@actions/workflow-parser/dist/index.js")];
buildSync({ entryPoints, outfile, bundle: true, platform: "node", format: "cjs", logLevel: "error" });
const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = require(outfile) as Parser;

async function errorsIn(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  // What it finds, it adds to the errors of the context.
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), "utf8");
  const { permissions, concurrency, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  await t.test(`${name} is what GitHub takes`, async (t) => {
    t.same(await errorsIn(name, text), []);
    t.match(await errorsIn(name, text.replace("runs-on", "run-on")), [/run-on/]);
    t.match(await errorsIn(name, text.replace("matrix.system }}", "matrix.system. }}")), [/Unexpected symbol/]);
  });

  await t.test(`${name} may read the repository and no more, and ends`, (t) => {
    t.same(permissions, { contents: "read" });
    t.ok(concurrency);
    for (const job of Object.values(jobs)) t.ok(job["timeout-minutes"] <= 90);
    t.end();
  });

  await t.test(`${name} uses actions of one commit each, and tells their releases`, (t) => {
    const lines = text.split("\n").filter((line) => line.includes("uses:"));
    t.equal(lines.length, steps.filter(({ uses }) => uses !== undefined).length);
    for (const line of lines) t.match(line, /uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    t.end();
  });

  await t.test(`${name} has the commands of .ci/run`, (t) => {
    const commands = steps.flatMap(({ run }) => run?.trimEnd().split("\n") ?? []);
    const known = readFileSync(join(ROOT, ".ci/run"), "utf8").split("\n");
    // The first ones tell the steps behind them, the last is .ci/run's `.ci/matrix core` and more.
    const own = [
      'echo PROGRAMS=required >>"$GITHUB_ENV"',
      'echo "CHDB=$(XDG_CACHE_HOME=$HOME/.cache .ci/install-chdb)" >>"$GITHUB_ENV"',
      'command -v clickhouse-server || echo PROGRAMS_ABSENT=clickhouse-server >>"$GITHUB_ENV"',
      ".ci/matrix",
    ];
    t.same(
      commands.filter((command) => !known.includes(command) && !own.includes(command)),
      // That a container lacks to begin with.
      ["apt-get update && apt-get install --yes --no-install-recommends ca-certificates git make"],
    );
    t.ok(commands.includes("make test"));
    t.end();
  });
}
