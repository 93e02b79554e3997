import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { findProgram, programVersions, requireProgram } from "../../../bench/contenders/programs.js";

const ABSENT = "billboard-has-no-such-program";

/** Has PATH begin with a folder of these programs, each a shell script. */
function withPrograms(t: Test, scripts: Readonly<Record<string, string>>): string {
  const folder = t.testdir();
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const path = process.env["PATH"];
  process.env["PATH"] = `${folder}:${path ?? ""}`;
  t.teardown(() => (process.env["PATH"] = path));
  return folder;
}

await t.test("a program is found on the PATH, and only what can be run is one", (t) => {
  const folder = withPrograms(t, { "some-program": "exit 0" });
  writeFileSync(join(folder, ABSENT), "no program");
  chmodSync(join(folder, ABSENT), 0o644);
  t.equal(findProgram("some-program"), join(folder, "some-program"));
  t.equal(findProgram(ABSENT), undefined);
  t.equal(requireProgram("some-program"), join(folder, "some-program"));
  t.throws(() => requireProgram(ABSENT), { message: `${ABSENT} is not installed` });
  t.end();
});

await t.test(
  "versions are read from either output, whatever the exit code, and each program is asked its own way",
  (t) => {
    withPrograms(t, {
      "some-program": '[ "$1" = --version ] && echo "some-program (Debian) 15.14"',
      nginx: '[ "$1" = -v ] && echo "nginx version: nginx/1.22.1" >&2',
      wrk: '[ "$1" = -v ] && echo "wrk 4.1.0 [epoll]" && exit 1',
      memcached: '[ "$1" = -V ] && echo "memcached 1.6.18"',
      silent: "exit 0",
    });
    t.same(programVersions(["some-program", "nginx", "wrk", "memcached", "silent", ABSENT]), {
      "some-program": "15.14",
      nginx: "1.22.1",
      wrk: "4.1.0",
      memcached: "1.6.18",
      silent: "unknown",
    });
    t.end();
  },
);
