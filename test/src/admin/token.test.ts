import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readToken } from "../../../src/admin/token.js";
import { UsageError } from "../../../src/options/options.js";
import { TOKEN as TOKEN_KIND } from "../../../src/private-port/token.js";

const TOKEN = "0123456789abcdef";

const fromFile = (file: string): string | undefined => readToken({ ADMIN_TOKEN: "", ADMIN_TOKEN_FILE: file });

await t.test("the token is that of the setting, or of the file, of which it is the one line", (t) => {
  t.equal(readToken({ ADMIN_TOKEN: "", ADMIN_TOKEN_FILE: "" }), undefined);
  t.equal(readToken({ ADMIN_TOKEN: TOKEN, ADMIN_TOKEN_FILE: "" }), TOKEN);
  const dir = t.testdir({
    plain: TOKEN,
    unix: `${TOKEN}\n`,
    windows: `${TOKEN}\r\n`,
    longest: `${"x".repeat(1024)}\r\n`,
  });
  for (const [name, token] of Object.entries({
    plain: TOKEN,
    unix: TOKEN,
    windows: TOKEN,
    longest: "x".repeat(1024),
  })) {
    chmodSync(join(dir, name), 0o440);
    t.equal(fromFile(join(dir, name)), token, name);
  }
  t.end();
});

await t.test("a token that is no token, or that others may read, is one line that does not show it", (t) => {
  const bad = {
    short: `${TOKEN.slice(1)}\n`,
    two: `${TOKEN}\n${TOKEN}\n`,
    long: "x".repeat(1025),
    blank: `${TOKEN} x`,
    none: "",
  };
  const dir = t.testdir({ ...bad, folder: {}, open: TOKEN });
  for (const name of Object.keys(bad)) {
    chmodSync(join(dir, name), 0o600);
    const message = `ADMIN_TOKEN_FILE: ${join(dir, name)} must hold one line: ${TOKEN_KIND.allowed}`;
    t.throws(() => fromFile(join(dir, name)), new UsageError(message), name);
  }
  for (const mode of [0o644, 0o602]) {
    chmodSync(join(dir, "open"), mode);
    t.throws(() => fromFile(join(dir, "open")), { name: "UsageError", message: /`chmod o= .*open` keeps them off$/ });
  }
  t.throws(() => fromFile(join(dir, "folder")), {
    name: "UsageError",
    message: /^ADMIN_TOKEN_FILE: .*folder is not taken: /,
  });
  t.throws(() => fromFile(join(dir, "missing")), { name: "UsageError", message: /ENOENT/ });
  spawnSync("mkfifo", ["-m", "600", join(dir, "pipe")]);
  t.throws(() => fromFile(join(dir, "pipe")), { name: "UsageError", message: /it is no file/ }, "nobody is waited for");
  const both = { ADMIN_TOKEN: TOKEN, ADMIN_TOKEN_FILE: "file" };
  t.throws(() => readToken(both), new UsageError("ADMIN_TOKEN and ADMIN_TOKEN_FILE are both set: keep one"));
  t.end();
});
