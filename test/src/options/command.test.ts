import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";

const COMMAND = pathToFileURL(join(import.meta.dirname, "../../../src/options/command.js")).href;

/** Runs a command whose parts are given as source, in a process of its own, since it sets the exit code. */
function outcomeOf(parts: string): [code: number | null, output: string, errors: string] {
  const program = `
    import { runCommand } from ${JSON.stringify(COMMAND)};
    const whole = { name: "try", usage: () => "how to\\n", readArguments: () => "asked", run: () => undefined };
    await runCommand({ ...whole, ${parts} });`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  return [status, stdout, stderr];
}

await t.test("a command that does what it is asked ends with 0, or with the code that it answers with", (t) => {
  t.same(outcomeOf("run: (request) => console.log(request)"), [0, "asked\n", ""]);
  t.same(outcomeOf("run: async () => 1"), [1, "", ""]);
  t.end();
});

await t.test("help is its usage on standard output, and nothing is run", (t) => {
  t.same(outcomeOf(`readArguments: () => undefined, run: () => console.log("run")`), [0, "how to\n", ""]);
  t.end();
});

await t.test("wrong usage is one line, and 2", (t) => {
  t.same(
    outcomeOf(`readArguments: () => { throw new Error("--x: what\\nat length") }, run: () => console.log("run")`),
    [2, "", "try: --x: what\n"],
  );
  t.end();
});

await t.test("a failure is one line, or what the command says of it, and 1", (t) => {
  t.same(outcomeOf(`run: async () => { throw new Error("no room\\nat length") }`), [1, "", "try: no room\n"]);
  t.same(outcomeOf(`run: () => { throw "no room" }`), [1, "", "try: no room\n"]);
  t.same(outcomeOf(`run: () => { throw new Error("x") }, explain: ({ message }, request) => message + " " + request`), [
    1,
    "",
    "try: x asked\n",
  ]);
  t.end();
});
