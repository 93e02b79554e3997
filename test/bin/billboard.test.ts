import { readFileSync } from "node:fs";
import t from "tap";
import { COMMANDS } from "../../bin/commands.js";
import { BILLBOARD, billboard } from "../src/billboard.js";

await t.test("help lists every command with its summary", async (t) => {
  const { status, stdout, stderr } = billboard(["help"]);
  t.equal(status, 0);
  t.equal(stderr, "");
  t.ok(Object.keys(COMMANDS).length >= 8);
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { summary } = await load();
    t.match(stdout, new RegExp(`^  ${name} +${summary.replaceAll(".", "\\.")}$`, "m"));
  }
  t.same(billboard(["--help"]), { status, stdout, stderr });
});

await t.test(
  "every command is called as it is typed, has its own help, and refuses what it does not know",
  async (t) => {
    for (const [name, load] of Object.entries(COMMANDS)) {
      t.equal((await load()).name, `billboard ${name}`);
      t.match(billboard([name, "--help"]), { status: 0, stdout: `Usage: billboard ${name} [options]\n`, stderr: "" });
      for (const word of ["--nonsense", "nonsense"])
        t.match(billboard([name, word]), {
          status: 2,
          stdout: "",
          stderr: new RegExp(`^billboard ${name}: [^\n]+\n$`),
        });
    }
  },
);

await t.test("an unknown command, and none, are wrong usage", (t) => {
  const expected = `expected one of ${Object.keys(COMMANDS).join(", ")}\n`;
  t.same(billboard([]), { status: 2, stdout: "", stderr: `billboard: got no command, ${expected}` });
  for (const word of ["nonsense", "constructor", "--port"])
    t.same(billboard([word]), { status: 2, stdout: "", stderr: `billboard: got "${word}", ${expected}` });
  t.end();
});

await t.test("the version is the package's", (t) => {
  const { stdout, status } = billboard(["--version"]);
  t.equal(status, 0);
  t.match(stdout, /^\d+\.\d+\.\d+\n$/);
  t.end();
});

await t.test("the program can be run as it lies there", (t) => {
  t.match(readFileSync(BILLBOARD, "utf8"), /^#!\/usr\/bin\/env node\n/);
  t.end();
});
