import t from "tap";
import { MAX_SWITCH_BYTES, parseSwitch, switchText } from "../../../src/pull/switch.js";

const DIGEST = "0123456789abcdef".repeat(4);
const AT = Date.UTC(2026, 10, 29, 16, 45);

await t.test("a switch is one line, read as it is written", (t) => {
  const text = switchText({ digest: DIGEST, at: AT });
  t.equal(text, `{"digest":"${DIGEST}","at":"2026-11-29T16:45:00.000Z"}\n`);
  t.same(parseSwitch(text), { digest: DIGEST, at: AT });
  t.same(parseSwitch(text.replace(".000Z", "Z")), { digest: DIGEST, at: AT });
  t.ok(text.length < MAX_SWITCH_BYTES / 2);
  t.end();
});

await t.test("what is no switch is told in one line that quotes none of it", (t) => {
  const text = switchText({ digest: DIGEST, at: AT });
  const moment = /^its moment is not one of UTC such as 2026-11-29T16:45:00\.000Z$/;
  const at = (value: unknown): string => JSON.stringify({ digest: DIGEST, at: value });
  for (const [bad, message] of [
    ["", /^it is no switch: it is not an object of JSON$/],
    ["null", /not an object/],
    ["<html>\n", /not an object/],
    [JSON.stringify({ at: "2026-11-29T16:45:00.000Z" }), /^its digest is not 64 hexadecimal digits in small letters$/],
    [text.replace("0123", "O123"), /^its digest/],
    [at(undefined), moment],
    [at(AT), moment],
    [at("2026-11-29T16:45:00+01:00"), moment],
    [at("2026-11-29T16:45:00"), moment],
    [at("2026-11-29"), moment],
    [at("2026-02-31T16:45:00Z"), moment],
    [at("2026-13-01T16:45:00Z"), moment],
    [at("2026-11-29T16:61:00Z"), moment],
    [text.padEnd(MAX_SWITCH_BYTES + 1), /^it is no switch: it is longer than 1024 bytes$/],
  ] as const)
    t.throws(() => parseSwitch(bad), { message }, bad);
  t.end();
});
