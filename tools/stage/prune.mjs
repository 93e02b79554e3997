/** Removes binaries of other systems, processors and versions of Node.js from node_modules; `npm ci` brings them back. */
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { isForeign, thisMachine } from "./targets.mjs";

// Whoever asks what it does must not lose files by it.
if (process.argv.length > 2) {
  console.error("usage: node tools/stage/prune.mjs, which removes binaries of other machines from node_modules");
  process.exit(2);
}

const PACKAGES = join(import.meta.dirname, "../../node_modules");

const filesIn = (path) =>
  lstatSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];

const targets = thisMachine();
const foreign = filesIn(PACKAGES).filter((file) => isForeign(relative(PACKAGES, file).split(sep).join("/"), targets));
const bytes = foreign.reduce((sum, file) => sum + lstatSync(file).size, 0);
for (const file of foreign) rmSync(file);
console.log(`node_modules: ${foreign.length} files removed, ${(bytes / 1e6).toFixed(1)} MB`);
