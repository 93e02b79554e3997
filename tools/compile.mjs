/** Compiles into a fresh folder, which takes the place of dist/ once all is there: what fails leaves dist/ as it was. */
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const FRESH = "dist.fresh";
const FORMER = "dist.former";
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const inRoot = (name) => join(ROOT, name);
const remove = (name) => rmSync(inRoot(name), { recursive: true, force: true });

function isDone(...words) {
  return spawnSync(process.execPath, words, { cwd: ROOT, stdio: "inherit" }).status === 0;
}

function compile() {
  if (!existsSync(TSC)) {
    console.error("The packages to compile with are not installed: run `npm ci`, and start again.");
    return false;
  }
  // Left by a run that was interrupted; nothing of a removed source stays behind either.
  remove(FRESH);
  const isCompiled =
    isDone(TSC, "--outDir", FRESH) && isDone(TSC, "-p", "tsconfig.browser.json") && isDone("tools/bundle.mjs", FRESH);
  if (!isCompiled) {
    remove(FRESH);
    return false;
  }
  // What make compares with the sources.
  writeFileSync(inRoot(`${FRESH}/.compiled`), "");
  remove(FORMER);
  if (existsSync(inRoot("dist"))) renameSync(inRoot("dist"), inRoot(FORMER));
  renameSync(inRoot(FRESH), inRoot("dist"));
  remove(FORMER);
  return true;
}

process.exitCode = compile() ? 0 : 1;
