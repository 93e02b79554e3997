import t from "tap";
import { DecisionHead } from "../../../src/response/decision-head.js";

const END = "; Max-Age=60; HttpOnly; SameSite=Lax";
const text = (head: Uint8Array): string => Buffer.from(head).toString("latin1");
const head = (cookieEnd: string | undefined): DecisionHead =>
  new DecisionHead(["200 OK", "private, no-store", "X-Some: line"], cookieEnd);
const START = "200 OK\r\nCache-Control: private, no-store\r\nX-Some: line";
const cookie = (banners: string, campaign: string): string =>
  `${START}\r\nSet-Cookie: last_banner=${banners}; Path=/campaigns/${campaign}${END}`;

await t.test("the head has the banner and the campaign of each request, whatever was asked before", (t) => {
  const decision = head(END);
  const ids = ["1", "7", "10", "2", "4294967295", "1234567890", "99", "1"];
  for (const banner of ids)
    for (const campaign of ids) t.equal(text(decision.for(banner, "", campaign)), cookie(banner, campaign));
  t.end();
});

await t.test("what is remembered behind the banner stands in the cookie, and is gone with the next request", (t) => {
  const decision = head(END);
  t.equal(text(decision.for("371", "", "7")), cookie("371", "7"));
  t.equal(text(decision.for("371", "-5-88", "7")), cookie("371-5-88", "7"));
  t.equal(text(decision.for("371", "", "8")), cookie("371", "8"));
  t.equal(text(decision.for("371", "-5", "123")), cookie("371-5", "123"));
  t.end();
});

await t.test("two heads keep apart what they write", (t) => {
  const [one, other] = [head(END), head(END)];
  const first = one.for("371", "", "7");
  one.for("372", "", "8");
  const second = other.for("371", "", "9");
  t.equal(text(first), cookie("372", "8"), "it holds until the next call");
  t.equal(text(second), cookie("371", "9"));
  t.end();
});

await t.test("without a cookie the head is the same for all", (t) => {
  t.equal(text(head(undefined).for("371", "", "7")), START);
  t.equal(text(head(undefined).for("371", "", "4294967295")), START);
  t.end();
});
