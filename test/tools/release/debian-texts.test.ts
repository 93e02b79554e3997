import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../../../tools/docs/documents.js";
import { changelog, control, copyright, debianVersion } from "../../../tools/release/debian-texts.js";

await t.test("a pre-release comes before its release", (t) => {
  t.equal(debianVersion("1.0.0"), "1.0.0");
  t.equal(debianVersion("1.0.0-rc.1"), "1.0.0~rc.1");
  t.end();
});

await t.test("the package needs the Node.js that package.json names", (t) => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { engines: { node: string } };
  const [, oldest] = /^>=(\S+)$/.exec(engines.node)!;
  t.match(control("1.0.0", "amd64", 40), new RegExp(`^Version: 1.0.0$[^]*^Depends: nodejs \\(>= ${oldest!}\\)`, "m"));
  t.end();
});

await t.test("the texts are of the form that Debian's policy has", (t) => {
  t.equal(
    changelog("1.0.0-rc.1", new Date("2026-11-09T00:00:00Z")).split("\n").at(-2),
    " -- The Billboard authors <authors@billboard.invalid>  Mon, 09 Nov 2026 00:00:00 +0000",
  );
  const text = copyright(readFileSync(join(ROOT, "LICENSE"), "utf8"), [{ path: "usr/lib/x/*", license: "ISC" }]);
  t.match(
    text,
    /^Files: \*\nCopyright: 2026 The Billboard authors\nLicense: MIT\n Permission is hereby granted, .*\n(?: .+\n)+\nFiles: usr\/lib\/x\/\*\nCopyright: .+\nLicense: ISC\n$/m,
  );
  t.end();
});
