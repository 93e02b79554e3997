/** A checkout in miniature: the Makefile and the tools behind it as they are, and a PATH with what is put there. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Test } from "tap";
import { ROOT } from "../tools/docs/documents.js";

const PROGRAMS = "sh env make find awk touch rm mv cp mkdir ln mktemp head sed cat id df dirname uname ps".split(" ");
const SCRIPTS = { "build-index": "node dist/bin/billboard.js build", compile: "node tools/compile.mjs" };
export const TYPESCRIPT = join(ROOT, "node_modules/typescript");

/** Says what it was called with; no server is running. */
const SOURCE = `declare const process: { argv: string[]; exitCode: number };
declare const console: { log(...words: unknown[]): void };
const [command] = process.argv.slice(2);
if (command === "status") process.exitCode = 1;
else console.log("one", command);
`;
const STRICT = {
  module: "NodeNext",
  target: "ES2023",
  rootDir: ".",
  outDir: "dist",
  types: [],
  lib: ["ES2023", "DOM"],
};

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Miniature {
  readonly folder: string;
  readonly #path: string;

  /** Outside of the repository, whose packages would be found from below it; anybody may read it. */
  constructor(t: Test) {
    const folder = mkdtempSync(join(tmpdir(), "billboard-make-"));
    t.teardown(() => {
      rmSync(folder, { recursive: true });
    });
    chmodSync(folder, 0o755);
    this.folder = join(folder, "check out");
    this.#path = join(folder, "programs");
    mkdirSync(this.folder);
    mkdirSync(this.#path);
    for (const name of PROGRAMS) this.link(name, find(name));
    this.link("node", process.execPath);
    for (const name of ["npm", "real-npm"]) this.link(name, find("npm"));
    for (const name of ["Makefile", "tools/check-machine.sh", "tools/install-packages.sh", "tools/compile.mjs"])
      cpSync(join(ROOT, name), join(this.folder, name));
    for (const name of ["bin", "src", "ui", "embed", "build", "bench", "test"]) mkdirSync(join(this.folder, name));
    this.write(
      "package.json",
      JSON.stringify({ name: "miniature", type: "module", scripts: SCRIPTS, version: "1.0.0" }),
    );
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: STRICT, include: ["bin"] }));
    this.write(
      "tsconfig.browser.json",
      JSON.stringify({ extends: "./tsconfig.json", compilerOptions: { noEmit: true } }),
    );
    this.write("tools/bundle.mjs", "");
    this.write("bin/billboard.ts", SOURCE);
    this.write(
      "package-lock.json",
      JSON.stringify({ name: "miniature", version: "1.0.0", lockfileVersion: 3, packages: { "": {} } }),
    );
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  link(name: string, target: string): void {
    this.without(name);
    symlinkSync(target, join(this.#path, name));
  }

  without(name: string): void {
    rmSync(join(this.#path, name), { force: true });
  }

  /** A script of the shell in the place of a program. */
  feign(name: string, script: string): void {
    this.without(name);
    writeFileSync(join(this.#path, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** As after `npm ci`, with TypeScript itself. */
  install(): void {
    this.write("node_modules/.package-lock.json", "{}");
    symlinkSync(TYPESCRIPT, join(this.folder, "node_modules/typescript"));
  }

  /** Makes all of it an hour old, and `names` after that, one after the other, so that what a test writes is newer. */
  age(...names: readonly string[]): void {
    const anHourAgo = Date.now() / 1000 - 3600;
    for (const name of readdirSync(this.folder, { recursive: true, encoding: "utf8" })) {
      const file = join(this.folder, name);
      if (lstatSync(file).isFile()) utimesSync(file, anHourAgo, anHourAgo);
    }
    for (const [at, name] of names.entries()) {
      const time = anHourAgo + 60 * (at + 1);
      utimesSync(join(this.folder, name), time, time);
    }
  }

  make(target: string, env: Readonly<Record<string, string>> = {}, uid?: number): Result {
    return this.#run(["make", "--no-print-directory", target], env, uid);
  }

  run(...words: readonly [string, ...string[]]): Result {
    return this.#run(words);
  }

  #run([program, ...words]: readonly string[], env = {}, uid?: number): Result {
    const { status, stdout, stderr } = spawnSync(join(this.#path, program!), words, {
      cwd: this.folder,
      encoding: "utf8",
      env: { PATH: this.#path, HOME: tmpdir(), ...env },
      ...(uid !== undefined && { uid }),
    });
    return { status, stdout, stderr };
  }
}

function find(program: string): string {
  return spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
}
