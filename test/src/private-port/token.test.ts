import t from "tap";
import { tokenTest } from "../../../src/private-port/token.js";

const TOKEN = "0123456789abcdef";

await t.test("only the very token is the token", (t) => {
  const isToken = tokenTest(TOKEN);
  t.ok(isToken(TOKEN));
  for (const sent of ["", TOKEN.slice(1), `${TOKEN}0`, TOKEN.toUpperCase(), "x".repeat(100_000)])
    t.notOk(isToken(sent));
  t.end();
});
