import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { Miniature, TYPESCRIPT, type Result } from "./miniature.js";

const SERVED = "one build\none serve\n";
const INSTALLED = "node_modules/.package-lock.json";
const COMPILED = "dist/.compiled";
const MARK = "node_modules/mark";

/** `make` adds a line of its own about the target. */
function isOneLine(t: Test, { status, stdout, stderr }: Result, line: RegExp): void {
  t.equal(status, 2);
  t.equal(stdout, "");
  t.match(stderr, new RegExp(`^${line.source}\nmake: \\*\\*\\* \\[Makefile:\\d+: [\\w/.-]+\\] Error 1\n$`));
}

/** Installed and compiled before, so that there is something to lose, and now with a lock file that is newer. */
function outdated(t: Test): Miniature {
  const checkout = new Miniature(t);
  checkout.install();
  t.match(checkout.make("start"), { status: 0, stdout: SERVED });
  checkout.write(MARK, "");
  checkout.age(INSTALLED, COMPILED, "package-lock.json");
  return checkout;
}

function isUnharmed(t: Test, { folder }: Miniature): void {
  t.ok(existsSync(join(folder, MARK)), "the packages are as before");
  t.ok(existsSync(join(folder, "dist/bin/billboard.js")), "what is compiled is as before");
  t.same(
    readdirSync(folder).filter((name) => /\.(before|fresh|former)$/.test(name)),
    [],
  );
}

await t.test("what the machine lacks is said in one line, before anything is installed", (t) => {
  const checkout = new Miniature(t);
  const start = (): Result => checkout.make("start");
  checkout.without("npm");
  isOneLine(t, start(), /npm is missing: install it, .*/);
  checkout.without("node");
  isOneLine(t, start(), /Node\.js is missing: install 20\.19 or later from .*/);
  for (const version of ["v18.20.8", "v20.18.3", "v9.0.0"]) {
    checkout.feign("node", `echo ${version}`);
    isOneLine(t, start(), new RegExp(`Node\\.js ${version.slice(1)} is too old: install 20\\.19 or later .*`));
  }
  checkout.feign("node", "echo 'node: error while loading shared libraries: libatomic.so.1: no' >&2; exit 127");
  isOneLine(t, start(), /Node\.js does not run: node: error while loading .*libatomic\.so\.1: no: install .*/);
  checkout.feign("node", "echo deno 2");
  isOneLine(t, start(), /`node --version` says "deno 2", expected .*/);
  t.notOk(existsSync(join(checkout.folder, "node_modules")));
  t.end();
});

await t.test("every version of Node.js from 20.19 on is taken", (t) => {
  const checkout = new Miniature(t);
  for (const version of ["v20.19.0", "v20.20.2", "v22.0.0", "v24.1.0", "v26.0.0", "v100.0.0"]) {
    checkout.feign("node", `echo ${version}`);
    t.same(checkout.make("machine"), { status: 0, stdout: "", stderr: "" }, version);
  }
  t.end();
});

await t.test("why packages cannot be installed is said in one line, and nothing that is there is lost", (t) => {
  const checkout = outdated(t);
  const refused = (line: RegExp, env = {}, uid?: number): void => {
    isOneLine(t, checkout.make("start", env, uid), line);
    isUnharmed(t, checkout);
  };
  checkout.write("package.json", '{ "name": "miniature", "version": "1.0.0", "dependencies": { "a": "1.0.0" } }');
  const lock = { name: "miniature", version: "1.0.0", lockfileVersion: 3 };
  const packages = {
    "": { name: "miniature", version: "1.0.0", dependencies: { a: "1.0.0" } },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-AAAA" },
  };
  checkout.write("package-lock.json", JSON.stringify({ ...lock, packages }));
  refused(
    /The packages are not installed: no answer from the registry http:\/\/127\.0\.0\.1:9\/ \(ECONNREFUSED\): .*/,
    {
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_fetch_retries: "0",
      npm_config_cache: join(checkout.folder, "../cache"),
    },
  );

  // As npm does it: the packages go first.
  const failing = (...lines: string[]): string =>
    `[ "$1" = ci ] || { echo /npm/$1; exit; }\nrm -rf node_modules; mkdir node_modules\n` +
    `${lines.map((line) => `echo '${line}' >&2`).join("\n")}\nexit 1`;
  checkout.feign("npm", failing("npm error code ENOSPC", "npm error syscall write"));
  refused(/The packages are not installed: no room on the disk \(ENOSPC\): free some 900 MB in .*/);
  checkout.feign("npm", failing("npm ERR! code EACCES", "npm ERR! path /locked/cache"));
  refused(/The packages are not installed: \/locked\/cache cannot be written to \(EACCES\): give .* the permission\./);
  checkout.feign("npm", failing("npm error something else"));
  refused(/npm error something else\nThe packages are not installed: npm failed, for the reason above\./);

  checkout.feign("df", "echo 'Filesystem 1024-blocks Used Available Capacity Mounted'; echo '/dev/a 9 9 102400 9% /'");
  refused(/The packages are not installed: no room in .*: 100 MB are free, expected 900: .*/);
  // Root may write everywhere.
  const isRoot = process.getuid!() === 0;
  if (!isRoot) chmodSync(checkout.folder, 0o555);
  const line = /The packages are not installed: .*check out cannot be written to: give .* the permission, or .*/;
  refused(line, {}, isRoot ? 65_534 : undefined);
  chmodSync(checkout.folder, 0o755);
  t.end();
});

/** In the place of `npm ci`: says with what it was called, and installs as much as it takes to compile. */
const INSTALL = `[ "$1" = ci ] || exec real-npm "$@"
echo "$@" >words
rm -rf node_modules
mkdir node_modules
echo {} >node_modules/.package-lock.json
ln -s "${TYPESCRIPT}" node_modules/typescript`;

await t.test("packages are installed with those to compile with, though NODE_ENV says production", (t) => {
  const checkout = new Miniature(t);
  checkout.feign("npm", INSTALL);
  t.match(checkout.make("start", { NODE_ENV: "production" }), { status: 0, stdout: SERVED });
  t.match(readFileSync(join(checkout.folder, "words"), "utf8"), /^ci --include=dev /);
  t.end();
});

await t.test("packages that an interrupted installation put aside are put back, or taken away", (t) => {
  const checkout = outdated(t);
  renameSync(join(checkout.folder, "node_modules"), join(checkout.folder, "node_modules.before"));
  checkout.write("node_modules/half", "");
  checkout.feign("npm", '[ "$1" = ci ] || exec real-npm "$@"; exit 1');
  t.match(checkout.make("start"), { status: 2 });
  isUnharmed(t, checkout);

  checkout.write("node_modules.before/of an earlier one", "");
  t.match(checkout.make("start"), { status: 2 });
  isUnharmed(t, checkout);
  t.end();
});

await t.test(
  "after `npm prune --omit=dev` what is compiled is served, and compiled anew where sources changed",
  (t) => {
    const checkout = new Miniature(t);
    checkout.install();
    t.match(checkout.make("start"), { status: 0, stdout: SERVED });
    checkout.feign("npm", INSTALL);
    rmSync(join(checkout.folder, "node_modules/typescript"));
    checkout.age(COMPILED, INSTALLED);
    const words = join(checkout.folder, "words");
    t.match(checkout.make("start"), { status: 0, stdout: SERVED });
    t.notOk(existsSync(words), "nothing is installed");

    const source = readFileSync(join(checkout.folder, "bin/billboard.ts"), "utf8");
    checkout.write("bin/billboard.ts", source.replace("one", "two"));
    t.match(checkout.make("start"), { status: 0, stdout: SERVED.replaceAll("one", "two") });
    t.ok(existsSync(words));
    t.end();
  },
);

await t.test("what does not compile leaves what is compiled, and a removed source leaves nothing", (t) => {
  const checkout = new Miniature(t);
  checkout.install();
  checkout.write("bin/removed.ts", "export {};\n");
  t.match(checkout.make("start"), { status: 0, stdout: SERVED });
  const dist = join(checkout.folder, "dist");
  t.ok(existsSync(join(dist, "bin/removed.js")));
  checkout.age(INSTALLED, COMPILED);

  rmSync(join(checkout.folder, "bin/removed.ts"));
  const compiled = readFileSync(join(dist, "bin/billboard.js"), "utf8");
  for (const [name, text] of [
    ["bin/wrong.ts", "const one: string = 1;\n"],
    ["tools/bundle.mjs", "process.exit(1);\n"],
  ] as const) {
    checkout.write(name, text);
    t.match(checkout.make("start"), { status: 2 }, name);
    t.equal(readFileSync(join(dist, "bin/billboard.js"), "utf8"), compiled);
    t.same(
      readdirSync(checkout.folder).filter((name) => name.startsWith("dist.")),
      [],
    );
    checkout.write(name, "");
  }
  t.match(checkout.make("start"), { status: 0, stdout: SERVED });
  t.notOk(existsSync(join(dist, "bin/removed.js")));
  t.end();
});

await t.test("what cannot be compiled without packages is said in one line", (t) => {
  const checkout = new Miniature(t);
  t.match(checkout.run("npm", "run", "--silent", "compile"), {
    status: 1,
    stderr: "The packages to compile with are not installed: run `npm ci`, and start again.\n",
  });
  t.end();
});
