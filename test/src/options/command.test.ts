import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";

const OPTIONS = pathToFileURL(join(import.meta.dirname, "../../../src/options")).href;

/** Runs a command whose parts are given as source, in a process of its own, since it sets the exit code. */
function outcomeOf(parts: string, ...args: string[]): [code: number | null, output: string, errors: string] {
  const program = `
    import { runCommand } from "${OPTIONS}/command.js";
    import { UsageError } from "${OPTIONS}/options.js";
    import { FOLDER, wholeNumber } from "${OPTIONS}/values.js";
    const options = {
      out: { ...FOLDER, default: "here", help: "where to" },
      "at-most": { ...wholeNumber(1, 9), help: "how many" },
      json: { help: "as JSON" },
      name: { ...FOLDER, repeated: true, help: "what else" },
    };
    const whole = { name: "try", summary: "Tries it.", options, run: (values) => console.log(JSON.stringify(values)) };
    await runCommand({ ...whole, ${parts} }, process.argv.slice(1));`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", program, "--", ...args],
    { encoding: "utf8" },
  );
  return [status, stdout, stderr];
}

await t.test("a command gets the values of its options, or their defaults", (t) => {
  const given = outcomeOf("", "--out", "there", "--json", "--at-most=3");
  t.same(given, [0, '{"out":"there","at-most":3,"json":true,"name":[],"help":false,"debug":false}\n', ""]);
  t.same(outcomeOf(""), [0, '{"out":"here","json":false,"name":[],"help":false,"debug":false}\n', ""]);
  t.end();
});

await t.test("an option that may be repeated has all its values, in their order", (t) => {
  const parts = "run: ({ name }) => console.log(JSON.stringify(name))";
  t.same(outcomeOf(parts, "--name", "b", "--json", "--name=a", "--name", "b"), [0, '["b","a","b"]\n', ""]);
  const options = "options: { count: { ...wholeNumber(1, 9), repeated: true, help: '' } }";
  t.match(outcomeOf(options, "--count", "1", "--count", "0"), [
    2,
    "",
    /^try: --count: got "0", expected a whole number/,
  ]);
  t.end();
});

await t.test("a command that does what it is asked ends with 0, or with the code that it returns", (t) => {
  t.same(outcomeOf("run: () => undefined"), [0, "", ""]);
  t.same(outcomeOf("run: async () => 1"), [1, "", ""]);
  t.end();
});

await t.test("help is made of the table, and nothing is run", (t) => {
  const help = `Tries it.

Usage: try [options]
  --out DIR    where to (here)
  --at-most N  how many
  --json       as JSON
  --name DIR   what else (may be repeated)
  --help       print this text
  --debug      print the stack of an error too

And more.
`;
  t.same(outcomeOf(`notes: "And more."`, "--help"), [0, help, ""]);
  t.same(outcomeOf(`notes: "And more."`, "--nope", "--help"), [0, help, ""]);
  t.end();
});

await t.test("wrong usage is one line, and 2", (t) => {
  const wrong = (...args: string[]): void => {
    const [code, output, errors] = outcomeOf("", ...args);
    t.same([code, output], [2, ""], args.join(" "));
    t.match(errors, /^try: [^\n]+\n$/);
  };
  wrong("--nope");
  wrong("word");
  wrong("--out");
  wrong("--json=yes");
  t.same(outcomeOf("", "--at-most", "ten"), [
    2,
    "",
    'try: --at-most: got "ten", expected a whole number from 1 to 9\n',
  ]);
  t.same(outcomeOf(`run: () => { throw new UsageError("--out: not with --json") }`), [
    2,
    "",
    "try: --out: not with --json\n",
  ]);
  t.end();
});

await t.test("a failure is one line, or what the command says of it, and 1", (t) => {
  t.same(outcomeOf(`run: async () => { throw new Error("no room\\nin a\\u202eb") }`), [
    1,
    "",
    String.raw`try: no room\nin a\u202eb` + "\n",
  ]);
  const platform = `run: () => { throw Object.assign(new Error("no room\\nat length"), { code: "E" }) }`;
  t.same(outcomeOf(platform), [1, "", "try: no room\n"]);
  t.same(outcomeOf(`run: () => { throw "no room" }`), [1, "", "try: no room\n"]);
  t.same(outcomeOf(`run: () => { throw new Error("x") }, explain: ({ message }, { out }) => message + " " + out`), [
    1,
    "",
    "try: x here\n",
  ]);
  t.end();
});

await t.test("an error that a command does not explain has its own message, and its stack by --debug", (t) => {
  const parts = `run: () => { throw new Error("x") }, explain: () => undefined`;
  t.same(outcomeOf(parts), [1, "", "try: x\n"]);
  t.match(outcomeOf(parts, "--debug"), [1, "", /^try: x\nError: x\n +at .*/]);
  t.end();
});

await t.test("an error that is a bug says so, and its stack is had by --debug", (t) => {
  const bug = "run: () => undefined.x";
  t.match(outcomeOf(bug), [1, "", /^try: unexpected error: Cannot read .* \(--debug shows where\)\n$/]);
  t.match(outcomeOf(bug, "--debug"), [1, "", /^try: unexpected error: [^\n]*\nTypeError: .*\n +at .*/]);
  t.end();
});
