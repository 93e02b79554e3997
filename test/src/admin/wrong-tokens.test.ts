import t from "tap";
import { WrongTokens } from "../../../src/admin/wrong-tokens.js";

await t.test("an address that sends wrong tokens waits longer and longer, and no other does", (t) => {
  const wrong = new WrongTokens();
  let now = 1_000_000;
  const waits: number[] = [];
  for (let tries = 0; tries < 12; tries++) {
    wrong.note("192.0.2.1", now);
    waits.push(wrong.waitOf("192.0.2.1", now));
    now += waits.at(-1)!;
    t.equal(wrong.waitOf("192.0.2.1", now), 0, "and is heard again then");
    t.equal(wrong.waitOf("192.0.2.2", now), 0);
  }
  t.same(waits, [0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  now += 600_001;
  wrong.note("192.0.2.1", now);
  t.equal(wrong.waitOf("192.0.2.1", now), 0, "an address begins anew after a while");
  for (let tries = 0; tries < 5; tries++) wrong.note("192.0.2.1", now);
  wrong.forget("192.0.2.1");
  t.equal(wrong.waitOf("192.0.2.1", now), 0);
  t.end();
});

await t.test("of IPv6 a network is one address, and IPv4 on a socket of IPv6 is not one network", (t) => {
  const wrong = new WrongTokens();
  for (const host of ["1", "2", "3", "4"]) wrong.note(`2001:db8:1:2::${host}`, 0);
  t.ok(wrong.waitOf("2001:db8:1:2:aaaa:bbbb:cccc:dddd", 0) > 0);
  t.equal(wrong.waitOf("2001:db8:1:3::1", 0), 0);
  for (const host of ["1", "2", "3", "4"]) wrong.note(`2001:db8::${host}`, 0);
  t.ok(wrong.waitOf("2001:db8::ffff", 0) > 0, "zeros that are left out count");
  t.equal(wrong.waitOf("2001:db8:1::1", 0), 0);
  for (let tries = 0; tries < 4; tries++) wrong.note("::ffff:192.0.2.1", 0);
  t.ok(wrong.waitOf("::ffff:192.0.2.1", 0) > 0);
  t.equal(wrong.waitOf("::ffff:192.0.2.2", 0), 0);
  t.end();
});

await t.test("a thousand addresses are remembered, whoever sends more", (t) => {
  const wrong = new WrongTokens();
  const address = (number: number): string => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  for (let tries = 0; tries < 3; tries++) for (let number = 0; number < 1000; number++) wrong.note(address(number), 0);
  t.ok(wrong.waitOf(address(0), 0) > 0);
  for (let number = 1000; number < 1500; number++) wrong.note(address(number), 0);
  t.equal(wrong.waitOf(address(499), 0), 0);
  t.ok(wrong.waitOf(address(500), 0) > 0, "the oldest are forgotten first");
  t.end();
});
