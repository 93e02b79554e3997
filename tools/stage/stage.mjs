/**
 * Copies what runs in production into a folder: the files of the package and the packages that it needs, without binaries
 * of other systems. Needs a compiled checkout with its packages, and neither registry nor network.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { isForeign, targetsOf, thisMachine } from "./targets.mjs";

const ROOT = join(import.meta.dirname, "../..");
const USAGE = "usage: node tools/stage/stage.mjs FOLDER [--platforms linux-x64,…] [--nodes 20,22,…]";

const readJson = (...names) => JSON.parse(readFileSync(join(...names), "utf8"));

/** What `npm pack` would pack. */
function packageFiles() {
  // Windows starts npm by a shell alone.
  const options = {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  };
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"], options);
  return JSON.parse(packed)[0].files.map(({ path }) => path);
}

/** Paths of the packages of production, with slashes. @throws Error where node_modules is not as package-lock.json has it */
function productionPackages() {
  const packages = Object.entries(readJson(ROOT, "package-lock.json").packages);
  return packages
    .filter(([path, { dev }]) => path !== "" && !dev)
    .filter(([path, { version, optional }]) => {
      const installed = existsSync(join(ROOT, path, "package.json"));
      if (!installed && optional) return false;
      const found = installed ? readJson(ROOT, path, "package.json").version : "not there";
      if (found !== version)
        throw new Error(`${path}: expected version ${version}, it is ${found}: run \`npm ci\` and start again`);
      return true;
    })
    .map(([path]) => path);
}

function copyPackage(path, folder, targets) {
  const from = join(ROOT, path);
  cpSync(from, join(folder, path), {
    recursive: true,
    filter: (source) => {
      const name = relative(from, source).split(sep).join("/");
      // What a package has below it is a package of its own in the lock file.
      return name !== "node_modules" && !isForeign(name, targets);
    },
  });
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

/** @returns {{ packages: number, bytes: number }} with Billboard itself */
export function stage(folder, targets) {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder}: there is something in it: name an empty folder, or one that is not there yet`);
  const { bin } = readJson(ROOT, "package.json");
  const program = bin.billboard;
  if (!existsSync(join(ROOT, program)))
    throw new Error(`${program} is not there: compile first, by \`npm ci\` and \`npm run compile\``);
  const packages = productionPackages();
  for (const path of packageFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path));
  }
  chmodSync(join(folder, program), 0o755);
  for (const path of packages) copyPackage(path, folder, targets);
  return { packages: packages.length + 1, bytes: sizeOf(folder) };
}

function main() {
  const options = { platforms: { type: "string" }, nodes: { type: "string" } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Error(USAGE);
  const { platforms, nodes } = values;
  const own = thisMachine();
  const chosen = targetsOf(platforms?.split(",") ?? own.platforms, nodes?.split(",") ?? []);
  const targets = nodes === undefined ? { ...chosen, interfaces: own.interfaces } : chosen;
  const { packages, bytes } = stage(resolve(folder), targets);
  const versions = nodes?.replaceAll(",", ", ") ?? process.version.slice(1);
  const megabytes = (bytes / 1e6).toFixed(1);
  console.log(
    `${folder}: ${packages} packages, ${megabytes} MB, for Node.js ${versions} on ${targets.platforms.join(", ")}`,
  );
}

if (process.argv[1] === import.meta.filename) {
  try {
    main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
