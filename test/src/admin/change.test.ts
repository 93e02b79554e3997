import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import type { Status } from "../../../src/admin/status-json.js";
import { changeText } from "../../../src/view/change/comparison.js";
import type { ServedChange } from "../../../src/view/change/served-change.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";
import { RunningServer } from "../running-server.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";
import { startAdmin } from "./running-admin.js";

/** Seven of the ten banners of SECOND, and so by another rule. */
const THIRD = smallIndex(inEveryPeriod({ campaign: 1, converting: range(200, 206) }));

interface Asked {
  readonly server: RunningServer;
  readonly file: string;
  readonly previous: string;
  readonly ask: (path: string, method?: string) => Promise<Response>;
  readonly change: () => Promise<ServedChange>;
  /** Newest first. */
  readonly past: () => Promise<Status["reloads"]>;
}

async function start(t: Test, environment: Record<string, string> = {}, before?: Uint8Array): Promise<Asked> {
  const folder = t.testdir();
  const file = join(folder, "index.bin");
  const previous = join(folder, "index.previous.bin");
  if (before !== undefined) writeFileSync(previous, before);
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1", ...environment });
  t.teardown(() => server.process.kill("SIGKILL"));
  const { adminPort } = await server.next("ready");
  const ask = (path: string, method = "GET"): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(adminPort)}${path}`, { method });
  const json = async (path: string): Promise<unknown> => (await ask(path)).json();
  return {
    server,
    file,
    previous,
    ask,
    change: () => json("/change.json") as Promise<ServedChange>,
    past: async () => ((await json("/status.json")) as Status).reloads,
  };
}

/** Of FIRST where it comes before SECOND. */
const TO_SECOND = {
  campaigns_changed: 1,
  collections_changed: 4,
  rules_changed: 0,
  banners_in: 10,
  banners_out: 10,
  campaigns_new: 0,
  campaigns_gone: 0,
  revenue: { before: "312.000000", after: "312.000000" },
};
const TO_THIRD = {
  campaigns_changed: 1,
  collections_changed: 4,
  rules_changed: 4,
  banners_in: 0,
  banners_out: 3,
  campaigns_new: 0,
  campaigns_gone: 0,
  revenue: { before: "312.000000", after: "112.000000" },
};

await t.test("the line of a reload says where campaigns are new or gone", (t) => {
  const text = "10 banners in, 10 out, 0 rules changed";
  t.equal(changeText(TO_SECOND), text);
  t.equal(changeText({ ...TO_SECOND, campaigns_gone: 2 }), `${text}, 2 campaigns gone`);
  t.equal(
    changeText({ ...TO_SECOND, campaigns_new: 1, campaigns_gone: 1 }),
    `${text}, 1 campaign new, 1 campaign gone`,
  );
  t.end();
});

await t.test("each reload that replaces the index tells what that changes, and no other", async (t) => {
  const { server, file, ask, change, past } = await start(t);
  const reload = async (bytes: Uint8Array, status = 200): Promise<void> => {
    publish(file, bytes);
    t.equal((await ask("/reload", "POST")).status, status);
  };
  const first = generationOf(FIRST);
  t.same(await change(), {
    generation: first,
    comparison: { result: "first" },
    campaigns_changed: 0,
    cells: [],
    cells_left_out: 0,
  });
  await reload(SECOND);
  const line = await server.next("reload");
  t.equal(
    line["msg"],
    `index reloaded: generation ${generationOf(SECOND)} replaces ${first}: 10 banners in, 10 out, 0 rules changed`,
  );
  t.same(line["change"], TO_SECOND);
  t.same(
    (await past()).map(({ change }) => change),
    [TO_SECOND],
  );
  const second = await change();
  t.match(second, {
    generation: generationOf(SECOND),
    comparison: { result: "changed", generation: { before: first }, banners_in: { count: 10, first: range(200, 209) } },
    campaigns_changed: 1,
    cells_left_out: 0,
  });
  t.same(
    second.cells,
    range(1, 4).map((period) => ({
      campaign: 1,
      period,
      rule: "top-10",
      revenue: "78.000000",
      in: range(200, 209),
      out: range(100, 109),
      rule_before: "top-10",
      revenue_before: "78.000000",
    })),
  );
  await reload(SECOND);
  await reload(broken(), 409);
  t.match(
    (await past()).map(({ result, change }) => [result, change]),
    [
      ["refused", undefined],
      ["unchanged", undefined],
      ["replaced", TO_SECOND],
    ],
  );
  t.same(await change(), second, "the index that is served is the same");
  await reload(FIRST);
  t.match(await change(), {
    generation: first,
    comparison: { generation: { before: generationOf(SECOND), after: first }, banners_in: { first: range(100, 109) } },
  });
  t.equal(await server.stop(), 0);
});

await t.test("several reloads in a row have each their own", async (t) => {
  const { server, file, ask, change, past } = await start(t);
  for (const bytes of [SECOND, THIRD]) {
    publish(file, bytes);
    const asked = [ask("/reload", "POST"), ask("/reload", "POST"), change(), ask("/reload", "POST")];
    t.match(await Promise.all(asked), [{ status: 200 }, { status: 200 }, {}, { status: 200 }]);
  }
  t.same(
    (await past()).flatMap(({ change }) => change ?? []),
    [TO_THIRD, TO_SECOND],
  );
  t.match(
    server.log.filter(({ change }) => change),
    [{ msg: / in, 10 out, 0 rules/ }, { msg: /: 0 banners in, 3 out, 4 rules/ }],
  );
  t.match(await change(), {
    comparison: { campaigns_changed: 1 },
    cells: [{ rule: "top-x", rule_before: "top-10", in: [], out: [207, 208, 209] }],
  });
  t.equal(await server.stop(), 0);
});

await t.test("a server that starts compares with the index before on the disk, once it is asked", async (t) => {
  const { server, previous, change, past } = await start(t, {}, SECOND);
  t.match(await change(), {
    generation: generationOf(FIRST),
    comparison: { result: "changed", generation: { before: generationOf(SECOND) }, campaigns_changed: 1 },
    cells: { length: 4 },
  });
  rmSync(previous);
  t.match(await change(), { comparison: { result: "changed" } }, "it is known, and not read again");
  t.same(await past(), []);
  t.equal(await server.stop(), 0);
});

await t.test("what cannot be compared with is said", async (t) => {
  for (const [bytes, reason] of [
    [SECOND.subarray(0, 100), /^truncated: /],
    [FIRST, /index\.previous\.bin is what is served: another index was published, and not loaded yet$/],
  ] as const) {
    const { server, file, ask, change } = await start(t, {}, bytes);
    const { comparison, ...rest } = await change();
    t.match(comparison, { result: "unreadable", reason });
    t.match(rest, { campaigns_changed: 0, cells: [], cells_left_out: 0 });
    publish(file, SECOND);
    t.equal((await ask("/reload", "POST")).status, 200);
    t.match(await change(), { comparison: { result: "changed" } });
    t.equal(await server.stop(), 0);
  }
});

const altered = (comparison: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "altered-comparison.js")).href}`,
  COMPARISON: comparison,
});

await t.test("a comparison that fails is told, and the index is replaced all the same", async (t) => {
  const { server, file, ask, change, past } = await start(t, altered("fails"), SECOND);
  const failed = { comparison: { result: "unreadable", reason: "it fails" }, cells: [] };
  const both = await Promise.all([change(), change()]);
  for (const each of both) t.match(each, { generation: generationOf(FIRST), ...failed });
  publish(file, SECOND);
  t.match(await (await ask("/reload", "POST")).json(), { result: "replaced", generation: generationOf(SECOND) });
  t.match(await change(), { generation: generationOf(SECOND), ...failed });
  t.notOk("change" in (await past())[0]!);
  const errors = server.warnings.filter(({ msg }) => /unexpected error in comparing/.test(String(msg)));
  t.equal(errors.length, 2, "one for each index");
  t.equal(await server.stop(), 0);
});

await t.test("a server that ends does not wait for a comparison, and serves the new index during it", async (t) => {
  const { server, file, ask } = await start(t, altered("comes no further"));
  publish(file, SECOND);
  const reloaded = ask("/reload", "POST");
  const inspect = async (): Promise<unknown> => (await ask("/index.json")).json();
  while (!JSON.stringify(await inspect()).includes(generationOf(SECOND)));
  t.notOk(server.log.some(({ event }) => event === "reload"));
  const changed = ask("/change.json");
  t.equal(await server.stop(), 0);
  await Promise.allSettled([reloaded, changed]);
  const { change, ...line } = server.log.find(({ event }) => event === "reload")!;
  t.match(line, { result: "replaced", msg: new RegExp(`${generationOf(FIRST)}$`) });
  t.equal(change, undefined);
});

await t.test("a server that ends says so in place of a comparison that it does not wait for", async (t) => {
  const { ask } = await startAdmin(t, { unreadiness: () => "The server is ending." });
  t.match(await ask("GET", "/change.json"), { status: 503, body: "The server is ending.\n" });
});

await t.test("before the first index there is none to compare", async (t) => {
  const { ask } = await startAdmin(t, { index: () => undefined });
  t.match(await ask("GET", "/change.json"), { status: 503, body: "There is no index yet.\n" });
});
