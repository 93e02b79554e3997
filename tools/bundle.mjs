/** Bundles what browsers run, and what builds run, into the compiled program, whose folder is the argument. */
import { copyFileSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const OUT = process.argv[2] ?? "dist";
const inRoot = (...names) => join(ROOT, ...names);

/** The library that both pages contain asks for its notice to stay with it. */
const preactNotice = readFileSync(inRoot("node_modules/preact/LICENSE"), "utf8").trim();

const shared = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  // A page may load each as a classic script.
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

await Promise.all([
  build({ ...shared, entryPoints: ["embed/embed.ts"], outdir: `${OUT}/embed`, target: "es2020" }),
  build({
    ...shared,
    entryPoints: { dashboard: "ui/live/dashboard.tsx", report: "ui/file/report.tsx" },
    outdir: `${OUT}/ui`,
    jsx: "automatic",
    jsxImportSource: "preact",
    banner: { js: `/*!\n${preactNotice}\n*/` },
  }),
  build({ ...shared, entryPoints: ["ui/style/style.css"], outdir: `${OUT}/ui` }),
]);

// What the administration port serves lies in one folder: packages put documents elsewhere.
for (const file of ["ui/icon.svg", "docs/openapi.yaml", "docs/admin-api.yaml"])
  copyFileSync(inRoot(file), inRoot(OUT, "ui", basename(file)));

/** Its bundle is loaded by that of the build command where it is asked for, and by no build from files. */
const CLICKHOUSE = "clickhouse/count-events";
const clickHouseApart = {
  name: "clickhouse apart",
  setup: ({ onResolve }) => {
    onResolve({ filter: new RegExp(`${CLICKHOUSE}\\.js$`) }, ({ kind }) =>
      kind === "dynamic-import" ? { path: `../${CLICKHOUSE}.js`, external: true } : undefined,
    );
  },
};

/** Loaded as one file each, a build and the threads that read for it start sooner. Instead of what tsc made of them. */
await build({
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "es2023",
  packages: "external",
  sourcemap: true,
  logLevel: "warning",
  entryPoints: ["build/commands/build.ts", "build/read/reader-thread.ts", `build/${CLICKHOUSE}.ts`],
  plugins: [clickHouseApart],
  outdir: `${OUT}/build`,
  outbase: "build",
});
