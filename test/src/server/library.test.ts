/** Which engine serves, by what HTTP library is there, and that an altered one is refused: in the shipped server. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { chooseEngine, type Choice } from "../../../src/server/engine.js";
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
  // Not below the checkout, whose packages would be found.
  const folder = mkdtempSync(join(tmpdir(), "billboard-"));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  const packages = join(folder, "node_modules");
  for (const part of ["bin", "src", "ui", "embed"])
    cpSync(join(DIST, part), join(folder, "dist", part), { recursive: true });
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

function refusal(installation: Installation, settings = environment(installation)): string {
  const [program, ...words] = bareProgram(installation.program, "serve");
  const { status, stderr } = spawnSync(program, words, {
    encoding: "utf8",
    env: settings,
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

const MISSING: Readonly<Record<string, { readonly reason: RegExp; readonly break: (of: Installation) => void }>> = {
  "no binary for this version of Node.js": {
    reason: /it has no binary for Node\.js v[\d.]+ on [a-z0-9]+ [a-z0-9]+: see docs\/deploy\.md/,
    break: ({ binary }) => {
      rmSync(binary);
    },
  },
  // What an older glibc, musl and a missing libatomic1 have in common.
  "a binary that this system does not load": {
    reason: /its binary for Node\.js v[\d.]+ does not load here \(.*uws_.*\): see docs\/deploy\.md/,
    break: ({ binary }) => {
      writeFileSync(binary, "no program");
    },
  },
  "no library at all": {
    reason: /it is not installed: install the packages anew with `npm ci`/,
    break: ({ binary }) => {
      rmSync(dirname(binary), { recursive: true });
    },
  },
};

for (const [what, { reason, break: breakIt }] of Object.entries(MISSING))
  await t.test(`with ${what}, node:http serves and one line says why; ENGINE=uws does not start`, async (t) => {
    const installation = install(t);
    breakIt(installation);
    Installed.program = installation.program;
    const settings = { ...environment(installation), UWS_ALLOW_OTHER: what.startsWith("a binary") ? "1" : "0" };
    const server = new Installed({ ...settings, ENGINE: "auto", WORKERS: "1" });
    t.teardown(() => server.process.kill("SIGKILL"));
    const port = await server.ready();
    t.match(server.warnings, [{ event: "engine", engine: "node" }]);
    t.equal(server.warnings.length, 1, "from the main thread alone");
    t.match(
      server.warnings[0]!["msg"],
      /^node:http serves in place of uWebSockets\.js, .* uWebSockets\.js cannot serve: /,
    );
    t.match(server.warnings[0]!["msg"], reason);
    const page = await fetch(`http://127.0.0.1:${port}/campaigns/1`);
    t.equal(page.status, 200);
    const { adminPort } = server.log.find(({ event }) => event === "ready")! as unknown as { adminPort: number };
    const metrics = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
    t.match(metrics, 'billboard_engine_info{engine="node"} 1');
    const status: unknown = await (await fetch(`http://127.0.0.1:${adminPort}/status.json`)).json();
    t.match(status, { engine: "node", workers: { listening: 1 } });
    t.equal(await server.stop(), 0);

    const text = refusal(installation, { ...settings, ENGINE: "uws" });
    t.match(text, /^billboard serve: ENGINE=uws: uWebSockets\.js cannot serve: /);
    t.match(text, reason);
    t.equal(text.split("\n").length, 2, "one line");
  });

await t.test("an engine that does not share a port serves by one worker, and says so", async (t) => {
  const feigned = (platform: string, version: string): Promise<Choice> => {
    const described = (["platform", "versions"] as const).map(
      (name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const,
    );
    Object.defineProperty(process, "platform", { value: platform, configurable: true });
    Object.defineProperty(process, "versions", { value: { ...process.versions, node: version }, configurable: true });
    const choice = chooseEngine("node", 4, false);
    for (const [name, descriptor] of described) Object.defineProperty(process, name, descriptor);
    return choice;
  };
  for (const version of ["22.12.0", "23.1.0", "24.0.0", "26.0.0"])
    t.same(await feigned("linux", version), { engine: "node", workers: 4, warnings: [] }, version);
  for (const [platform, version] of [
    ["linux", "20.20.2"],
    ["linux", "22.11.0"],
    ["linux", "23.0.0"],
    ["darwin", "24.0.0"],
    ["win32", "24.0.0"],
  ] as const) {
    const { workers, warnings } = await feigned(platform, version);
    t.equal(workers, 1, `${platform} ${version}`);
    t.match(warnings, [/^one worker serves, and not 4: /]);
  }
});
