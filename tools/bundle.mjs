/** Bundles what browsers run into dist/, so that nothing outside of it is needed at run time, and what builds run. */
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const inRoot = (...names) => join(ROOT, ...names);

/** The libraries that the report contains ask for their notices to stay with them. */
const notices = ["echarts/NOTICE", "zrender/LICENSE", "tslib/LICENSE.txt"]
  .map((name) => readFileSync(inRoot("node_modules", name), "utf8").trim())
  .join("\n\n");

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
  build({
    ...shared,
    entryPoints: { report: "build/report/browser/show-report.ts" },
    outdir: "dist/build/report/browser",
    // For the console of a browser.
    globalName: "report",
    banner: { js: `/*!\n${notices}\n*/` },
  }),
  build({ ...shared, entryPoints: ["build/report/browser/report.css"], outdir: "dist/build/report/browser" }),
  build({ ...shared, entryPoints: ["src/browser/embed.ts"], outdir: "dist/src/browser", target: "es2020" }),
  build({
    ...shared,
    entryPoints: ["src/browser/dashboard.ts", "src/browser/dashboard.css"],
    outdir: "dist/src/browser",
  }),
]);

for (const [folder, name] of [
  ["build/report/browser", "report.html"],
  ["src/browser", "icon.svg"],
]) {
  mkdirSync(inRoot("dist", folder), { recursive: true });
  copyFileSync(inRoot(folder, name), inRoot("dist", folder, name));
}

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
  entryPoints: ["build/commands/build.ts", "build/read/reader-thread.ts"],
  outdir: "dist/build",
  outbase: "build",
});
