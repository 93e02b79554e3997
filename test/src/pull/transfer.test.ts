import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { IndexSource } from "../../../src/pull/source.js";
import { Transfer, type Answer, type Known } from "../../../src/pull/transfer.js";
import { decode } from "../../../src/index/format.js";
import { FIRST, SECOND } from "../published.js";
import { answer, cutAfter, etagOf, TestSource, type Handler } from "./test-source.js";

const digestOf = (bytes: Uint8Array): string => decode(Uint8Array.from(bytes)).digest;
const MAX = 10_000_000;

interface Begun {
  readonly source: TestSource;
  readonly transfer: Transfer;
  readonly attempt: (known?: readonly Known[], expected?: string) => Promise<Answer>;
  readonly received: () => number;
  readonly bounds: { stallMs: number };
}

async function begin(t: Test, index: Uint8Array | undefined, wrong: Handler[] = [], bounds = {}): Promise<Begun> {
  const source = await TestSource.open(t, index);
  source.wrong.push(...wrong);
  let received = 0;
  const all = { maxBytes: MAX, stallMs: 60_000, ...bounds };
  const transfer = new Transfer(
    new IndexSource(new URL(source.url), undefined, {}),
    join(t.testdir(), "arriving"),
    all,
    (bytes) => (received += bytes),
  );
  const { signal } = new AbortController();
  return {
    source,
    transfer,
    attempt: (known = [], expected) => transfer.attempt(known, expected, signal),
    received: () => received,
    bounds: all,
  };
}

const FAILED = { name: "SourceError" };
const REFUSED = { name: "RefusedIndexError" };
const partOf = (bytes: Uint8Array): number => Math.floor(bytes.length / 2);

await t.test("an index is brought whole, once: the source says by its ETag that it has no other", async (t) => {
  const { source, transfer, attempt, received } = await begin(t, FIRST);
  const validators = { etag: etagOf(FIRST) };
  const digest = digestOf(FIRST);
  t.same(await attempt(), { brought: { path: transfer.path, digest, bytes: FIRST.length, validators } });
  t.same(readFileSync(transfer.path), Buffer.from(FIRST));
  t.equal(received(), FIRST.length);
  t.same(await attempt([{ digest, validators }]), { known: digest, validators });
  t.equal(source.asked[1]!.headers["if-none-match"], etagOf(FIRST));
  t.equal(received(), FIRST.length, "and nothing more came");
});

await t.test("a source without an ETag is asked by its own time, whatever its clock says", async (t) => {
  const lastModified = "Fri, 01 Jan 2100 00:00:00 GMT";
  const { source, attempt } = await begin(t, FIRST, [
    answer(200, FIRST, { "Last-Modified": lastModified, Date: "Fri, 01 Jan 2100 00:00:01 GMT" }),
    (response, { headers }) => response.writeHead(headers["if-modified-since"] === lastModified ? 304 : 200).end(),
  ]);
  const { brought } = await attempt();
  t.same(brought?.validators, { lastModified });
  const { digest, validators } = brought!;
  t.same(await attempt([{ digest, validators }]), { known: digest, validators });
  t.equal(source.asked.length, 2);
});

await t.test("what may change within the second of its time is asked for again", async (t) => {
  const lastModified = "Fri, 01 Jan 2100 00:00:01 GMT";
  for (const date of [lastModified, "Fri, 01 Jan 2100 00:00:00 GMT", "at noon"]) {
    const { source, attempt } = await begin(t, SECOND, [
      answer(200, FIRST, { "Last-Modified": lastModified, Date: date }),
    ]);
    const { digest, validators } = (await attempt()).brought!;
    t.match(await attempt([{ digest, validators }]), { brought: { digest: digestOf(SECOND) } });
    t.notOk("if-modified-since" in source.asked[1]!.headers);
  }
});

await t.test("a store that compares the time although it is sent an ETag has no chance to", async (t) => {
  const { source, attempt } = await begin(t, SECOND, [
    answer(200, FIRST, {
      ETag: etagOf(FIRST),
      "Last-Modified": "Fri, 01 Jan 2100 00:00:00 GMT",
      Date: "Fri, 01 Jan 2100 00:00:09 GMT",
    }),
    (response, message) => {
      if ("if-modified-since" in message.headers) response.writeHead(304).end();
      else source.send(message, response);
    },
  ]);
  const { digest, validators } = (await attempt()).brought!;
  t.match(await attempt([{ digest, validators }]), { brought: { digest: digestOf(SECOND) } });
});

await t.test("of one that is known the header is enough: the rest is not waited for", async (t) => {
  const { transfer, attempt } = await begin(t, undefined, [
    (response) => response.writeHead(200, { ETag: '"new"' }).write(FIRST.subarray(0, 64)),
  ]);
  const known = digestOf(FIRST);
  t.same(await attempt([{ digest: known }]), { known, validators: { etag: '"new"' } });
  t.same(readdirSync(join(transfer.path, "..")), []);
});

await t.test("a transfer that is cut goes on from there", async (t) => {
  const half = partOf(FIRST);
  const { source, transfer, attempt, received } = await begin(t, FIRST, [cutAfter(FIRST, half), answer(503, "busy")]);
  await t.rejects(attempt(), { ...FAILED, message: /: cut / });
  await t.rejects(attempt(), { ...FAILED, message: /: it answers 503$/ });
  t.match(await attempt(), { brought: { digest: digestOf(FIRST) } });
  for (const { headers } of source.asked.slice(1)) {
    t.match(headers, { range: `bytes=${half}-`, "if-range": etagOf(FIRST) });
    t.notOk("if-none-match" in headers);
  }
  t.same(readFileSync(transfer.path), Buffer.from(FIRST));
  t.equal(received(), FIRST.length);
});

await t.test("without an ETag it goes on by the time, and with a weak one it begins anew", async (t) => {
  const lastModified = "Sun, 29 Nov 2026 12:00:00 GMT";
  for (const [headers, range] of [
    [{ "Last-Modified": lastModified, ETag: "" }, `bytes=${partOf(FIRST)}-`],
    [{ "Last-Modified": lastModified, ETag: 'W/"weak"' }, undefined],
  ] as const) {
    const cut: Handler = (response, message) => {
      cutAfter(FIRST, partOf(FIRST), headers)(response, message);
    };
    const { source, attempt } = await begin(t, FIRST, [
      (response, message) => {
        if (headers.ETag !== "") cut(response, message);
        else {
          const date = "Sun, 29 Nov 2026 12:00:01 GMT";
          response.writeHead(200, { "Last-Modified": lastModified, Date: date, "Content-Length": FIRST.length });
          response.write(FIRST.subarray(0, partOf(FIRST)), () => response.socket!.end());
        }
      },
    ]);
    await t.rejects(attempt(), FAILED);
    t.match(await attempt(), { brought: { bytes: FIRST.length } });
    t.equal(source.asked[1]!.headers.range, range);
    t.equal(source.asked[1]!.headers["if-range"], range && lastModified);
  }
});

await t.test("behind a transfer that is cut there may be another index: it is brought from its start", async (t) => {
  const { source, transfer, attempt } = await begin(t, SECOND, [cutAfter(FIRST, partOf(FIRST))]);
  await t.rejects(attempt(), FAILED);
  t.match(await attempt(), { brought: { digest: digestOf(SECOND), bytes: SECOND.length } });
  t.equal(source.asked[1]!.headers["if-range"], etagOf(FIRST));
  t.same(readFileSync(transfer.path), Buffer.from(SECOND));
});

await t.test("a part of another index, or another part, is not joined to what came", async (t) => {
  const half = partOf(FIRST);
  const rest = FIRST.subarray(half);
  const rangeOf = (start: number, total = FIRST.length): string => `bytes ${start}-${total - 1}/${total}`;
  const etag = etagOf(FIRST);
  const wrong: Record<string, Handler> = {
    "of another ETag": answer(206, rest, { ETag: '"other"', "Content-Range": rangeOf(half) }),
    "from another place": answer(206, rest.subarray(1), { ETag: etag, "Content-Range": rangeOf(half + 1) }),
    "of another length": answer(206, rest, { ETag: etag, "Content-Range": rangeOf(half, FIRST.length + 8) }),
    "that says nothing of itself": answer(206, rest, { ETag: etag }),
    "that is none": answer(416, "", {}),
  };
  for (const [what, handler] of Object.entries(wrong)) {
    const { source, transfer, attempt } = await begin(t, FIRST, [cutAfter(FIRST, half), handler]);
    await t.rejects(attempt(), FAILED);
    await t.rejects(attempt(), { ...FAILED, message: /another part|answers 416/ }, what);
    t.match(await attempt(), { brought: {} }, what);
    t.notOk("range" in source.asked[2]!.headers, what);
    t.same(readFileSync(transfer.path), Buffer.from(FIRST), what);
  }
});

await t.test("what was cut is not gone on with where another is expected by then", async (t) => {
  const { source, attempt } = await begin(t, SECOND, [cutAfter(FIRST, partOf(FIRST))]);
  await t.rejects(attempt([], digestOf(FIRST)), FAILED);
  t.match(await attempt([], digestOf(SECOND)), { brought: { digest: digestOf(SECOND) } });
  t.notOk("range" in source.asked[1]!.headers);
});

await t.test("what is no index, or not the one that is meant, is refused by its first bytes", async (t) => {
  const newer = Uint8Array.from(FIRST);
  newer[8] = 99;
  /** What is refused by its beginning is refused though the rest never comes. */
  const beginningOf = (bytes: Uint8Array | string, headers: Record<string, string> = {}): Handler => {
    return (response) => void response.writeHead(200, headers).write(bytes);
  };
  const cases: Record<string, readonly [Handler, RegExp]> = {
    "a page": [beginningOf(`<!doctype html>${" ".repeat(100)}`), /index\.bin: not a Billboard index/],
    "a short page": [answer(200, "<html>"), /index\.bin: 6 bytes are no index/],
    nothing: [answer(200, ""), /index\.bin: 0 bytes are no index/],
    "a newer format": [beginningOf(newer), /format version 99, newer than this release/],
    "another length": [beginningOf(FIRST.subarray(0, 64), { "Content-Length": "65" }), /65 bytes are sent of an index/],
    compressed: [beginningOf("x", { "Content-Encoding": "gzip" }), /compressed on the way \(gzip\)/],
    "another than the signed": [beginningOf(SECOND), /its signature is for another index/],
  };
  for (const [what, [handler, message]] of Object.entries(cases)) {
    const { transfer, attempt } = await begin(t, undefined, [handler]);
    await t.rejects(attempt([], digestOf(FIRST)), { ...REFUSED, message }, what);
    t.same(readdirSync(join(transfer.path, "..")), [], `${what}: nothing is left`);
  }
});

await t.test(
  "a body that does not end is cut where the index ends, and one that is too large is not begun",
  async (t) => {
    const endless: Handler = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(FIRST));
      };
      response.on("drain", more);
      more();
    };
    const first = await begin(t, undefined, [endless]);
    await t.rejects(first.attempt(), { ...REFUSED, message: /more is sent than the \d+ bytes/ });
    const second = await begin(t, undefined, [endless], { maxBytes: FIRST.length - 1 });
    await t.rejects(second.attempt(), { ...REFUSED, message: /INDEX_MAX_BYTES allows/ });
    for (const { transfer } of [first, second]) t.same(readdirSync(join(transfer.path, "..")), []);
  },
);

await t.test("a source that stands still is given up, before the header block and in the body", async (t) => {
  const { source, attempt, bounds } = await begin(
    t,
    FIRST,
    [() => undefined, (response) => response.writeHead(200, { ETag: etagOf(FIRST) }).write(FIRST.subarray(0, 100))],
    { stallMs: 2000 },
  );
  for (let time = 0; time < 2; time++) await t.rejects(attempt(), { ...FAILED, message: /nothing came for 2 s/ });
  bounds.stallMs = 60_000;
  t.match(await attempt(), { brought: { digest: digestOf(FIRST) } });
  t.equal(source.asked[2]!.headers.range, "bytes=100-", "what had come is not asked for again");
});

await t.test("an answer that says nothing new, unasked, is no good one", async (t) => {
  const { attempt } = await begin(t, FIRST, [answer(304, ""), answer(404, ""), answer(403, "")]);
  await t.rejects(attempt(), { ...FAILED, message: /answers 304$/ });
  await t.rejects(attempt(), { ...FAILED, message: /answers 404: nothing is there$/ });
  await t.rejects(attempt(), { ...FAILED, message: /answers 403: INDEX_TOKEN, or the keys/ });
});
