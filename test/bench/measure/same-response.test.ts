import t from "tap";
import { differenceOf, responseTo } from "../../../bench/measure/same-response.js";
import { listening } from "./listening.js";

await t.test("a response is known by its status, its headers and the length of its body", async (t) => {
  const { port } = await listening(t, ({ url, headers }, response) => {
    response.writeHead(203, {
      "X-Asked": `${url!} ${headers.cookie ?? "none"}`,
      "Cache-Control": "no-store",
      Server: "some",
    });
    response.end("bä");
  });
  const expected = { status: 203, headers: ["cache-control", "transfer-encoding", "x-asked"], length: 3 };
  t.same(await responseTo(port, { path: "/a", cookie: "b=1" }), expected);
  t.same(await responseTo(port, { path: "/a", cookie: "" }), expected);
  await t.rejects(responseTo(1, { path: "/", cookie: "" }), /ECONNREFUSED/);
});

await t.test("the first difference is told", (t) => {
  const shape = { status: 200, headers: ["a", "b"], length: 5 };
  t.equal(differenceOf(shape, { ...shape }), undefined);
  t.equal(differenceOf(shape, { ...shape, status: 404 }), "status 404, expected 200");
  t.equal(differenceOf(shape, { ...shape, headers: ["b"] }), "no header a");
  t.equal(differenceOf(shape, { ...shape, headers: ["a", "b", "c"] }), "a header more: c");
  t.equal(differenceOf(shape, { ...shape, length: 6 }), "a body of 6 bytes, expected 5");
  t.end();
});
