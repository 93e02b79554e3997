import { chmodSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readIndexToken } from "../../../src/pull/token.js";

await t.test("the token is that of the setting, or of a file that others may not read", (t) => {
  const file = join(t.testdir({ token: "x\n", blank: "x y\n", nothing: "\n" }), "token");
  const fromFile = (name: string): string | undefined => readIndexToken({ INDEX_TOKEN: "", INDEX_TOKEN_FILE: name });
  t.equal(readIndexToken({ INDEX_TOKEN: "", INDEX_TOKEN_FILE: "" }), undefined);
  t.equal(readIndexToken({ INDEX_TOKEN: "x", INDEX_TOKEN_FILE: "" }), "x");
  chmodSync(file, 0o640);
  t.equal(fromFile(file), "x");
  chmodSync(file, 0o644);
  t.throws(() => fromFile(file), {
    name: "UsageError",
    message: /^INDEX_TOKEN_FILE: .*token is not taken: other users /,
  });
  for (const name of ["blank", "nothing"]) {
    const other = join(file, "..", name);
    chmodSync(other, 0o600);
    t.throws(() => fromFile(other), { name: "UsageError", message: /must hold one line: 1 to 4096 letters, / });
  }
  t.throws(() => readIndexToken({ INDEX_TOKEN: "x", INDEX_TOKEN_FILE: file }), {
    message: "INDEX_TOKEN and INDEX_TOKEN_FILE are both set: keep one",
  });
  t.end();
});
