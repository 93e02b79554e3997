import t from "tap";
import type { PastReload, Status } from "../../src/admin/status-json.js";
import { concernsOf, refusalText } from "../../ui/live/concerns.js";

const WELL: Status = {
  now: "2026-11-23T14:20:30.000Z",
  started_at: "2026-11-23T12:00:00.000Z",
  time_zone: "Europe/Berlin",
  rotation: "no-repeat",
  engine: "uws",
  workers: { listening: 2, restarts: 0 },
  index: {
    generation: "b",
    loaded_at: "2026-11-23T14:00:00.000Z",
    periods: 4,
    time_zone: "Europe/Berlin",
    period: 2,
    next_period_at: "2026-11-23T14:30:00.000Z",
  },
  requests: [],
  requests_a_second: [],
  decisions: { "by-clicks": 0, "fill-by-clicks": 0, "top-x": 0, "top-10": 0, default: 0 },
  repeats_avoided: 0,
  reloads: [],
  turned_away: [],
};

const RECORDING: NonNullable<Status["recording"]> = {
  folder: "/var/recorded",
  recorded: { impressions: 9, clicks: 1, conversions: 0 },
  recorded_a_second: { impressions: [9], clicks: [1], conversions: [0] },
  uncounted_clicks: { head: 0, ignored: 0, prefetch: 2, "no-decision": 0, foreign: 3, expired: 0, repeated: 0 },
  dropped: { impressions: 0, clicks: 0 },
  closed_files: 0,
  bytes: 400,
};

const reload = (result: PastReload["result"]): PastReload => ({
  at: "2026-11-23T14:20:00.000Z",
  result,
  generation: "b",
  previous: "a",
  ...(result === "refused" && { reason: "the sum\n differs" }),
});

const textsOf = (change: Partial<Status>): string[] => concernsOf({ ...WELL, ...change }).map(({ text }) => text);

await t.test("where all is well, nothing needs attention", (t) => {
  t.same(textsOf({}), []);
  t.same(textsOf({ index: { ...WELL.index!, time_zone: "Europe/Berlin" }, reloads: [reload("unchanged")] }), []);
  t.same(textsOf({ time_zone: "UTC", index: { ...WELL.index!, time_zone: "Etc/UTC" } }), [], "one zone by two names");
  t.same(textsOf({ index: undefined, workers: { listening: 0, restarts: 0 } }), [], "before the first index");
  t.same(textsOf({ recording: RECORDING }), [], "clicks that do not count need nobody");
  t.end();
});

await t.test("refusals count from the last reload to the first that was none", (t) => {
  const reloads = [reload("refused"), reload("refused"), reload("unchanged"), reload("refused")];
  t.match(refusalText(reloads), /^The last 2 indexes were refused, and the index before them goes on /);
  t.equal(refusalText(reloads.slice(2)), undefined);
  t.match(refusalText([reload("refused")]), /^The last index was refused, /);
  const once = "The last index was refused, and the index before it goes on serving: the sum\\n differs.";
  t.same(textsOf({ reloads: [reload("refused"), reload("replaced")] }), [once]);
  const thrice = "The last 3 indexes were refused, and the index before them goes on serving: the sum\\n differs.";
  t.same(textsOf({ reloads: [reload("refused"), reload("refused"), reload("refused")] }), [thrice]);
  t.end();
});

await t.test("what needs attention says where more is told", (t) => {
  const turned_away = [{ origin: "https://a.example", count: 3, last_at: WELL.now }];
  const concerns = concernsOf({
    ...WELL,
    reloads: [reload("refused")],
    workers: { listening: 0, restarts: 0 },
    recording: { ...RECORDING, failure: "no space" },
    turned_away,
  });
  t.same(
    concerns.map(({ under }) => under),
    ["Reloads", "Index", "What is recorded", "Sites that were turned away"],
  );
  t.end();
});

await t.test("each thing that is not well is said", (t) => {
  const pull = { source: "s3://a/b", transfers: { replaced: 0, unchanged: 0, refused: 0, failed: 1 }, bytes: 0 };
  for (const [change, said] of [
    [{ workers: { listening: 0, restarts: 0 } }, /^No worker serves/],
    [{ workers: { listening: 2, restarts: 1 } }, /^1 worker had to be restarted\.$/],
    [{ pull: { ...pull, last_result: "failed", reason: "no answer" } }, /^The source s3:\/\/a\/b .*: no answer\.$/],
    [{ pull: { ...pull, last_result: "refused", reason: "unsigned" } }, /is refused: unsigned\.$/],
    [{ fixed_period: 2 }, /^PERIOD fixes .* minutes 15–29 /],
    [{ time_zone: "UTC" }, /in Europe\/Berlin, and this server's TIME_ZONE is UTC/],
    [
      { recording: { ...RECORDING, failure: "no\n space" } },
      /^Nothing can be recorded: no\\n space\. .* give \/var\/recorded room/,
    ],
    [
      { recording: { ...RECORDING, dropped: { impressions: 1200, clicks: 1 } } },
      /^1,200 impressions and 1 click were lost .*: look whether the disk of \/var\/recorded is full/,
    ],
    [{ recording: { ...RECORDING, dropped: { impressions: 0, clicks: 2 } } }, /^0 impressions and 2 clicks were lost/],
    [{ turned_away: [{ origin: "https://a.example", count: 3, last_at: WELL.now }] }, /^Pages of 1 site /],
    [
      { turned_away: Array.from({ length: 20 }, () => ({ origin: "https://a.example", count: 3, last_at: WELL.now })) },
      /^Pages of at least 20 sites /,
    ],
  ] as const) {
    const texts = textsOf(change);
    t.equal(texts.length, 1, String(texts));
    t.match(texts[0], said);
  }
  t.end();
});
