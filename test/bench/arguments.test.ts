import t from "tap";
import { readArguments, usage } from "../../bench/arguments.js";
import { FULL, PARTS, QUICK } from "../../bench/plan.js";

const NAMES = ["billboard", "bare-handler", "nginx-static"];

await t.test("without options all of it is measured, and with --quick less", (t) => {
  t.same(readArguments([], NAMES), { plan: FULL, only: undefined, out: "bench/results", writesDocs: false });
  t.same(readArguments(["--quick"], NAMES)?.plan, QUICK);
  t.end();
});

await t.test("rounds, parts and contenders can be chosen, in whatever order they are named", (t) => {
  const chosen = readArguments(
    [
      "--quick",
      "--rounds",
      "7",
      "--parts",
      "images,side-by-side",
      "--only",
      "nginx-static,billboard",
      "--out",
      "elsewhere",
    ],
    NAMES,
  );
  t.same(chosen, {
    plan: { ...QUICK, rounds: 7, parts: ["side-by-side", "images"] },
    only: ["billboard", "nginx-static"],
    out: "elsewhere",
    writesDocs: false,
  });
  t.equal(readArguments(["--write-docs"], NAMES)?.writesDocs, true);
  t.end();
});

await t.test("wrong usage says what was expected", (t) => {
  for (const [args, message] of [
    [["--rounds", "0"], '--rounds: got "0", expected a whole number from 1 to 100'],
    [["--rounds", "1.5"], '--rounds: got "1.5", expected a whole number from 1 to 100'],
    [["--only", "billboard,apache"], '--only: got "apache", expected some of billboard, bare-handler, nginx-static'],
    [["--parts", ""], `--parts: got "", expected some of ${PARTS.join(", ")}`],
  ] as const)
    t.throws(() => readArguments(args, NAMES), { message });
  t.throws(() => readArguments(["--fast"], NAMES), /--fast/);
  t.end();
});

await t.test("the help names every part and every contender", (t) => {
  t.equal(readArguments(["--help"], NAMES), undefined);
  const text = usage(NAMES);
  t.match(text, /^Usage: npm run bench -- \[options\]\n/);
  for (const name of [...PARTS, ...NAMES]) t.match(text, new RegExp(`^  ${name}( |$)`, "m"));
  t.end();
});
