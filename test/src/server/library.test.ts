/** That the server refuses an HTTP library that it does not know, in the server as it is shipped. */
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { checkLibrary } from "../../../src/server/library.js";
import { bareProgram } from "../billboard.js";
import { FIRST } from "../published.js";
import { RunningServer } from "../running-server.js";

/** The compiled program. */
const DIST = join(import.meta.dirname, "../../..");
const PACKAGES = join(DIST, "../node_modules");
const LIBRARY = "uWebSockets.js";
const BINARY = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;

interface Installation {
  readonly program: string;
  readonly binary: string;
  readonly index: string;
}

/** An installation of its own, of which only the library is copied. */
function install(t: Test): Installation {
  const folder = t.testdir();
  const packages = join(folder, "node_modules");
  for (const part of ["bin", "src"]) cpSync(join(DIST, part), join(folder, "dist", part), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module","version":"0"}');
  mkdirSync(packages);
  for (const name of readdirSync(PACKAGES))
    if (name !== LIBRARY) symlinkSync(join(PACKAGES, name), join(packages, name));
  mkdirSync(join(packages, LIBRARY));
  for (const name of ["package.json", "uws.js", "ESM_wrapper.mjs", BINARY])
    cpSync(join(PACKAGES, LIBRARY, name), join(packages, LIBRARY, name));
  const index = join(folder, "index.bin");
  writeFileSync(index, FIRST);
  return { program: join(folder, "dist/bin/billboard.js"), binary: join(packages, LIBRARY, BINARY), index };
}

class Installed extends RunningServer {
  static program = "";
  protected override get command(): readonly [string, ...string[]] {
    return bareProgram(Installed.program, "serve");
  }
}

const environment = ({ index }: Installation): Record<string, string> => ({
  PATH: process.env["PATH"]!,
  INDEX_FILE: index,
  HOST: "127.0.0.1",
  PORT: "0",
  ADMIN_PORT: "0",
});

function refusal(installation: Installation): string {
  const [program, ...words] = bareProgram(installation.program, "serve");
  const { status, stderr } = spawnSync(program, words, {
    encoding: "utf8",
    env: environment(installation),
    // A server that refuses nothing goes on.
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  if (status !== 1) throw new Error(`it was not refused, but ended with ${String(status)}: ${stderr}`);
  return stderr;
}

await t.test("the installed binary is one that is known, and one that was altered is refused", async (t) => {
  const installation = install(t);
  Installed.program = installation.program;
  const known = new Installed(environment(installation));
  await known.ready();
  t.equal(await known.stop(), 0);

  appendFileSync(installation.binary, "\0");
  const text = refusal(installation);
  t.match(
    text,
    /^billboard serve: .* is not the binary that this server was tested with: its SHA-256 is [0-9a-f]{64}, /,
  );
  t.match(text, /expected [0-9a-f]{64}: install the packages anew with `npm ci`, or set UWS_ALLOW_OTHER=1 .*\n$/);
  t.ok(text.includes(installation.binary));
  t.equal(text.split("\n").length, 2, "one line");

  const allowed = new Installed({ ...environment(installation), UWS_ALLOW_OTHER: "1" });
  await allowed.ready();
  t.equal(await allowed.stop(), 0);
});

await t.test("where there is no binary for this version of Node.js, one line says which versions do", (t) => {
  const installation = install(t);
  rmSync(installation.binary);
  const text = refusal(installation);
  t.match(text, `uWebSockets.js has no binary for Node.js ${process.version} on ${process.platform}`);
  t.match(text, /: use Node\.js 20, 22, 24 or 25, or see docs\/deploy\.md.*\n$/);
  t.equal(text.split("\n").length, 2, "one line");
  t.end();
});

await t.test("where the system's glibc is too old for the newer library, one line says so", (t) => {
  const described = (["versions", "report"] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const,
  );
  t.teardown(() => {
    for (const [name, descriptor] of described) Object.defineProperty(process, name, descriptor);
  });
  const check = (modules: string, glibcVersionRuntime: string | undefined) => (): void => {
    const value = { getReport: () => ({ header: { glibcVersionRuntime } }) };
    Object.defineProperty(process, "report", { value, configurable: true });
    Object.defineProperty(process, "versions", { value: { ...process.versions, modules }, configurable: true });
    checkLibrary(false);
  };
  const [ofNode20, ofNode22] = ["115", "127"];
  for (const glibc of ["2.37", "2.4", "1.99"])
    t.throws(check(ofNode22, glibc), {
      name: "LibraryError",
      message: `uWebSockets.js for Node.js ${process.version} needs glibc 2.38 or later, and this machine has ${glibc}: use Node.js 20, or a newer system, such as Debian 13`,
    });
  for (const glibc of ["2.38", "2.100", "3.0", undefined]) t.doesNotThrow(check(ofNode22, glibc), String(glibc));
  t.doesNotThrow(check(ofNode20, "2.28"), "the older library does with any");
  t.end();
});
