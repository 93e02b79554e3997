// Checks what is in an image that lies in a folder: size, settings, labels, list of packages.
import assert from "node:assert/strict";
import { existsSync, lstatSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [root, imageFile, version, revision] = process.argv.slice(2);
const APP = join(root, "opt/billboard");
const MAX_BYTES = 250e6;
/** What the official base has and that of the checks has not: yarn, corepack, headers. Reckoned, as it is not at hand. */
const BASE_LACKS_BYTES = 12e6;

const readJson = (...names) => JSON.parse(readFileSync(join(...names), "utf8"));
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Of the files alone, each once however many names it has. */
function sizeOf(folder, seen = new Set()) {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const { ino, size } = lstatSync(path);
    if (entry.isDirectory()) sum += sizeOf(path, seen);
    else if (!seen.has(ino)) sum += size;
    seen.add(ino);
  }
  return sum;
}

/** As the list names them: pkg:npm/%40scope/name@version. */
function packagesIn(modules) {
  if (!existsSync(modules)) return [];
  const inFolder = (name) => readdirSync(join(modules, name)).map((last) => join(name, last));
  return readdirSync(modules)
    .flatMap((name) => (name.startsWith("@") ? inFolder(name) : [name]))
    .flatMap((path) => {
      const { name, version } = readJson(modules, path, "package.json");
      return [`pkg:npm/${name.replace("@", "%40")}@${version}`, ...packagesIn(join(modules, path, "node_modules"))];
    });
}

const size = sizeOf(root);
console.log(`the image: ${megabytes(size)} unpacked, ${megabytes(sizeOf(APP))} of it Billboard`);
assert.ok(size + BASE_LACKS_BYTES < MAX_BYTES, `more than ${megabytes(MAX_BYTES - BASE_LACKS_BYTES)}`);

const { config } = readJson(imageFile).Docker;
const { User, StopSignal, ExposedPorts, Entrypoint, Cmd, Labels } = config;
assert.deepEqual(
  { User, StopSignal, ports: Object.keys(ExposedPorts).sort(), Entrypoint, Cmd },
  {
    User: "1000:1000",
    StopSignal: "SIGTERM",
    ports: ["8080/tcp", "8082/tcp"],
    Entrypoint: ["node", "/opt/billboard/dist/bin/billboard.js"],
    Cmd: ["serve"],
  },
);
const label = (name) => Labels[`org.opencontainers.image.${name}`];
assert.deepEqual([label("title"), label("licenses")], ["Billboard", "MIT"]);
assert.deepEqual([label("version"), label("revision")], [version, revision]);

const { bomFormat, metadata, components } = readJson(APP, "sbom.cdx.json");
const { name, version: listedVersion } = metadata.component;
assert.deepEqual([bomFormat, name, listedVersion], ["CycloneDX", "billboard", version]);
const sorted = (names) => [...new Set(names)].sort();
assert.deepEqual(sorted(components.map(({ purl }) => purl)), sorted(packagesIn(join(APP, "node_modules"))));
