import t from "tap";
import { IndexSource } from "../../../src/pull/source.js";
import { FIRST } from "../published.js";
import { answer, TestSource } from "./test-source.js";

const { signal } = new AbortController();

await t.test("the token is sent to the source, to no other that it leads to, and to itself again", async (t) => {
  const source = await TestSource.open(t, FIRST);
  const other = await TestSource.open(t, FIRST);
  const presigned = `${other.url}?signature=secret`;
  source.wrong.push(answer(307, "", { Location: presigned }), answer(302, "", { Location: "/index.bin?again" }));
  source.files.set("/index.bin?again", FIRST);
  other.files.set("/index.bin?signature=secret", FIRST);
  const asker = new IndexSource(new URL(source.url), "sesame", {});
  const conditions = { "If-None-Match": '"x"', Range: "bytes=5-" };
  for (const asked of [other.asked, source.asked]) {
    const response = await asker.get("", conditions, signal);
    t.equal(response.status, 200);
    await response.body?.cancel();
    t.match(asked.at(-1)!.headers, { "if-none-match": '"x"', range: "bytes=5-", "accept-encoding": "identity" });
  }
  t.same(
    other.asked.map(({ headers }) => headers.authorization),
    [undefined],
  );
  t.same(
    source.asked.map(({ path, headers }) => [path, headers.authorization]),
    [
      ["/index.bin", "Bearer sesame"],
      ["/index.bin", "Bearer sesame"],
      ["/index.bin?again", "Bearer sesame"],
    ],
  );
});

await t.test("a source that leads nowhere, or in a circle, is one that fails", async (t) => {
  const source = await TestSource.open(t);
  const asker = new IndexSource(new URL(`${source.url}?signature=secret`), undefined, {});
  const ask = (location?: string): Promise<unknown> => {
    source.wrong.push(answer(302, "", location === undefined ? {} : { Location: location }));
    return new IndexSource(new URL(source.url), undefined, {}).get("", {}, signal);
  };
  await t.rejects(ask(), { name: "SourceError", message: /it answers 302 without an address$/ });
  await t.rejects(ask("http://["), { message: /it answers 302 without an address$/ });
  await t.rejects(ask("file:///etc/passwd"), { message: /it answers 302, to file:$/ });
  await t.rejects(ask("http://user:secret@127.0.0.1/x?y=secret"), {
    message: /it answers 302, to http:\/\/127\.0\.0\.1\/x with a user or password$/,
  });
  source.wrong.push(...Array.from({ length: 7 }, () => answer(301, "", { Location: source.url })));
  const before = source.asked.length;
  await t.rejects(ask(source.url), { message: /it redirects more than 5 times$/ });
  t.equal(source.asked.length - before, 6);
  await source.close();
  await t.rejects(asker.get(".sig", {}, signal), {
    name: "SourceError",
    // A connection that was kept may be found closed first.
    message: /^http:\/\/127\.0\.0\.1:\d+\/index\.bin\.sig: no answer: (connect ECONNREFUSED|other side closed)/,
  });
});
