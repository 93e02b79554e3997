import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";

const ROOT = existsSync(join(import.meta.dirname, "../package.json"))
  ? join(import.meta.dirname, "..")
  : join(import.meta.dirname, "../..");

/** The stages in order; a file imports from those before its own, in its folder or in src/, and never from its own or a later one. */
const ORDER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  src: [
    [
      "id-table",
      "index-format-error",
      "period",
      "read-id",
      "millionths",
      "pid-file",
      "header-limit",
      "command",
      "ready-answer",
      "kept-answers",
      "port-claim",
      "collect-garbage",
      "admin-guard",
      "url",
      "html",
      "request-rate",
      "admin-route",
    ],
    ["cell-table"],
    ["index-sections", "page", "cross-origin"],
    ["manifest", "check-references", "counters", "seen"],
    ["index-format", "loop-delay", "cookie", "site-answers"],
    ["catalog", "load-index", "reload", "decision-head", "page-bytes"],
    ["choose", "inspect", "banner-answers", "metrics"],
    ["sequence"],
    ["decide"],
    ["config", "decision-answers", "status"],
    ["answer", "admin"],
    ["server"],
    ["worker-messages"],
    ["worker", "workers"],
    ["service"],
    ["serve", "inspect-index", "signal-server", "request-reload"],
  ],
  "src/dashboard": [
    ["assets", "wording", "cell-figures"],
    ["campaign-table", "shown-cell"],
    ["address", "expected-share", "visit", "cell-sentences", "drawings"],
    ["status-cards", "campaigns-card", "campaign-card"],
    ["visitor-part"],
    ["dashboard"],
    ["routes"],
  ],
  build: [
    [
      "data-error",
      "typed-columns",
      "rank",
      "placeholder",
      "rejects",
      "digest-file",
      "folder-lock",
      "durable-files",
      "exact-sums",
      "join-modules",
      "row-format",
      "image-header",
    ],
    ["find-files", "dedupe", "banners", "count-events", "publish", "failure", "bad-rows"],
    ["event-rows", "file-account", "compile", "check-cells"],
    ["read-header", "report", "write-statistics"],
    ["read-rows"],
    ["read-plain-rows", "banner-texts"],
    ["read-events", "row-batch", "summary", "report-cells", "report-thumbnails"],
    ["read-batches", "report-page"],
    ["event-reader", "reader-thread"],
    ["reader-threads", "collect-events"],
    ["stages"],
    ["stage-times", "progress"],
    ["build-index", "rollback-index", "export-statistics"],
  ],
};

const sourcesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => name.replace(/\.ts$/, ""));

interface Import {
  readonly specifier: string;
  /** Gone after compilation. */
  readonly isType: boolean;
}

function importsOf(folder: string, name: string): Import[] {
  const text = readFileSync(join(ROOT, folder, `${name}.ts`), "utf8");
  const statements = text.matchAll(/^import (type )?(?:[^;]*? from )?"([^"]+)";$/gms);
  const dynamic = text.matchAll(/\bimport\(\s*"([^"]+)"/g);
  return [
    ...[...statements].map(([, type, specifier = ""]) => ({ specifier, isType: type !== undefined })),
    ...[...dynamic].map(([, specifier = ""]) => ({ specifier, isType: false })),
  ];
}

for (const [folder, stages] of Object.entries(ORDER)) {
  await t.test(`every file of ${folder}/ has its place in the order`, (t) => {
    t.same(sourcesOf(folder).sort(), stages.flat().sort());
    t.end();
  });

  await t.test(`imports in ${folder}/ run one way`, (t) => {
    const stageOf = (name: string): number => stages.findIndex((stage) => stage.includes(name));
    for (const name of sourcesOf(folder))
      for (const { specifier, isType } of importsOf(folder, name)) {
        const [, own] = /^\.\/([a-z-]+)\.js$/.exec(specifier) ?? [];
        // A type is no dependency at run time, and may be named by what is handed a value of it.
        if (own !== undefined && !isType) t.ok(stageOf(own) < stageOf(name), `${name} imports ${own}`);
        else if (own !== undefined) t.ok(stageOf(own) <= stageOf(name), `${name} names a type of ${own}`);
      }
    t.end();
  });
}

await t.test(
  "src/ imports nothing of build/, and build/ only the index format, what it is made of, what an id is, and what a command is",
  (t) => {
    for (const name of sourcesOf("src"))
      for (const { specifier } of importsOf("src", name)) t.notMatch(specifier, /^\.\./, `src/${name} stays in src/`);
    for (const name of sourcesOf("src/dashboard"))
      for (const { specifier } of importsOf("src/dashboard", name))
        t.notMatch(specifier, /^\.\.\/(\.\.|.*\/)/, `src/dashboard/${name} stays in src/`);
    for (const name of sourcesOf("build"))
      for (const { specifier } of importsOf("build", name))
        if (specifier.startsWith(".."))
          t.match(
            specifier,
            /^\.\.\/src\/(cell-table|command|id-table|index-format|index-sections|load-index|read-id|millionths)\.js$/,
            `build/${name}`,
          );
    t.end();
  },
);

await t.test("the dashboard is above what decides and below the administration port, which alone has it", (t) => {
  const port = ORDER["src"]!.findIndex((stage) => stage.includes("admin"));
  const below = ORDER["src"]!.slice(0, port).flat();
  for (const name of sourcesOf("src/dashboard"))
    for (const { specifier } of importsOf("src/dashboard", name)) {
      const [, other] = /^\.\.\/([a-z-]+)\.js$/.exec(specifier) ?? [];
      if (other !== undefined) t.ok(below.includes(other), `dashboard/${name} imports ${other}`);
    }
  const users = sourcesOf("src").filter((name) =>
    importsOf("src", name).some(({ specifier }) => specifier.startsWith("./dashboard/")),
  );
  t.same(users, ["admin"]);
  t.end();
});

await t.test("what only one file may touch, only it touches", (t) => {
  const only = (owner: string, pattern: RegExp): void => {
    const users = sourcesOf("src").filter((name) =>
      pattern.test(readFileSync(join(ROOT, "src", `${name}.ts`), "utf8")),
    );
    t.same(users, [owner], String(pattern));
  };
  only("server", /from "uWebSockets\.js"/);
  only("config", /= process\.env/);
  t.end();
});

await t.test("no folder holds a file of odds and ends", (t) => {
  for (const folder of ["src", "build", "tools", "test"])
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }))
      t.notMatch(name, /(^|\/)(utils?|helpers?|types|index|common|misc)\.ts$/);
  t.end();
});
