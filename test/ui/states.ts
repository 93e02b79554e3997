/** Lists the states of the interface, each with how one comes into it and how one knows that it is there. */
import type { Page, Route } from "playwright-core";
import type { Visits } from "../../src/decision/visits.js";
import type { Status } from "../../src/admin/status-json.js";
import { MOMENT } from "../src/admin/server-state.js";
import { smallIndex } from "../src/small-index.js";
import { decode } from "../../src/index/format.js";
import { DEFAULT, EACH_RULE, LARGE, LONG_WORD, ONE_PERIOD } from "./largest-data.js";
import type { ShellName, Shown } from "./shown.js";

export interface State {
  readonly name: string;
  readonly start: string;
  readonly address: string;
  /** What is seen of it. */
  readonly sign: string;
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Once the page is there, before the sign is. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** Requests fail in it, which browsers tell the console. */
  readonly isNoisy?: boolean;
}

const LONG_REASON = `/var/lib/billboard/${"a-folder-with-a-long-name/".repeat(4)}index.bin: checksum is 0123456789abcdef`;

const reloads = (...results: readonly Status["reloads"][number]["result"][]): Pick<Status, "reloads"> => ({
  reloads: results.map((result, at) => ({
    result,
    at: new Date(MOMENT - 3_600_000 * at).toISOString(),
    generation: "0123456789abcdef",
    previous: "fedcba9876543210",
    ...(result === "refused" && { reason: LONG_REASON }),
  })),
});

const TURNED_AWAY: Pick<Status, "turned_away"> = {
  turned_away: Array.from({ length: 20 }, (_, at) => ({
    origin: `https://${"shop-".repeat(at + 1)}of.example:8443`,
    count: 10 ** (at % 10),
    last_at: new Date(MOMENT - 86_400_000 * at).toISOString(),
  })),
};

/** The largest numbers, and the longest texts. */
const RECORDING: NonNullable<Status["recording"]> = {
  folder: `/var/lib/billboard/${"a-folder-with-a-long-name/".repeat(4)}`,
  recorded: { impressions: 4_000_000_000_000, clicks: 90_000_000_000, conversions: 100_000 },
  recorded_a_second: { impressions: Array<number>(60).fill(60_000), clicks: [1.5], conversions: [0] },
  uncounted_clicks: {
    ...{ head: 12, ignored: 4_000_000_000, prefetch: 5, "no-decision": 6_000_000 },
    ...{ foreign: 1_000_000_000_000, expired: 3, repeated: 70_000 },
  },
  dropped: { impressions: 0, clicks: 0 },
  closed_files: 123_456,
  bytes: 400_000_000_000,
  last_write_at: new Date(MOMENT - 86_400_000).toISOString(),
};
const FAILING: Partial<Status> = {
  recording: { ...RECORDING, failure: LONG_REASON, dropped: { impressions: 4_000_000_000, clicks: 90_000_000 } },
};

/** The server's status, but for these members. */
const telling = (more: Partial<Status>) => (page: Page) =>
  page.route("**/status.json", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as Status), ...more } });
  });

const holdBack = (path: string) => (page: Page) => page.route(path, () => undefined);

const refuse = (route: Route): Promise<void> => route.abort();

const LIST = "#campaign-list tbody tr";
const BANNERS = "#banners tbody tr";

/** Those that both shells have. */
function common(start: string): Omit<State, "name">[] & { name: string }[] {
  const of = (name: string, address: string, sign: string, more: Partial<State> = {}) => {
    return { name, start, address, sign, ...more };
  };
  const unfold = async (page: Page): Promise<void> => {
    const folded = page.locator('#campaign button[aria-expanded="false"]');
    await folded.first().waitFor();
    while ((await folded.count()) > 0) await folded.first().click();
  };
  return [
    of("overview", "", LIST),
    of("the least revenue", "direction=ascending&limit=30", LIST),
    of("one period's, filtered", "period=2&rule=top-10&min_x=2&search=sale&sort=name&limit=30", LIST),
    of("none found", "search=nothing-is-called-so&changed=on", "text=No campaign matches"),
    of("the largest campaign", `campaign=${LARGE}&at=2`, BANNERS),
    of("a campaign by revenue", `campaign=${LARGE}&at=1&table_sort=revenue`, BANNERS),
    of("cut by the top 10", `campaign=${EACH_RULE}&at=1`, BANNERS),
    of("filled by clicks, unfolded", `campaign=${EACH_RULE}&at=3`, BANNERS, { act: unfold }),
    of("drawn from a pool, unfolded", `campaign=${EACH_RULE}&at=4`, BANNERS, { act: unfold }),
    of("default banner", `campaign=${DEFAULT}`, "#period"),
    of("a name without a blank", `campaign=${LONG_WORD}&at=2`, BANNERS),
    of("in one period alone", `campaign=${ONE_PERIOD}&at=2`, BANNERS),
    of("no such campaign", "campaign=99", "text=There is no campaign 99", { isNoisy: true }),
    of("changes", "view=changes", "main :is(h1, h2)"),
  ];
}

export async function statesOf({ starts, serve }: Shown, shell: ShellName): Promise<readonly State[]> {
  if (shell === "file")
    return [
      ...common(starts.file),
      { name: "data", start: starts.file, address: "view=data", sign: "main :is(h1, h2)" },
      ...["", "view=data", "view=changes"].map((address) => ({
        name: `refused: ${address}`,
        start: starts.refused,
        address,
        sign: "main :is(h1, h2)",
      })),
    ];
  const none = decode(Uint8Array.from(smallIndex([])));
  const [noIndex, empty, guarded] = await Promise.all([
    serve({ index: () => undefined, unreadiness: () => "There is no index yet." }),
    serve({ index: () => none }),
    serve({}, { token: "a-token-of-thirty-two-characters" }),
  ]);
  const of = (name: string, address: string, sign: string, more: Partial<State> = {}): State => {
    return { name, start: starts.live, address, sign, ...more };
  };
  return [
    ...common(starts.live),
    of("server", "view=server", "#requests"),
    of("server, after much", "view=server", "#turned-away", {
      prepare: telling({ ...TURNED_AWAY, ...reloads("replaced", "refused", "unchanged", "replaced", "replaced") }),
    }),
    of("recording", "view=server", "#recording", { prepare: telling({ recording: RECORDING }) }),
    of("recording fails", "view=server", "#recording .alarm >> nth=1", { prepare: telling(FAILING) }),
    of("recording needs attention", "limit=10", "#attention li >> nth=1", { prepare: telling(FAILING) }),
    of("clicks are recorded", `campaign=${EACH_RULE}&at=1`, "#embed pre:has-text('/click')", {
      prepare: (page) =>
        page.route(/\/\?/, async (route) => {
          const response = await route.fetch();
          const body = (await response.text()).replace('"records":false', '"records":true');
          await route.fulfill({ response, body });
        }),
    }),
    of("visits that explored", `campaign=${EACH_RULE}&at=1`, ".thumbnail.explored", {
      prepare: (page) =>
        page.route("**/visit.json*", async (route) => {
          const response = await route.fetch();
          const visits = (await response.json()) as Visits;
          await route.fulfill({
            response,
            json: { ...visits, explored: visits.explored.map((_, at) => at % 3 === 0) },
          });
        }),
      act: (page) => page.getByRole("button", { name: "1,000 visits" }).click(),
    }),
    of("no index yet", "", "text=no index yet", { start: noIndex, isNoisy: true }),
    of("no report", "", "text=No report of this index", {
      start: starts.live.replace("/?", "/report?"),
      isNoisy: true,
    }),
    of("an empty index", "", "text=no campaign in this index", { start: empty }),
    of("the list is on its way", "", ".state.loading:has-text('Loading the campaigns')", {
      prepare: holdBack("**/campaigns.json*"),
    }),
    of("a campaign is on its way", `campaign=${LARGE}`, ".state.loading:has-text('Loading the campaign')", {
      prepare: holdBack("**/campaigns/*.json"),
    }),
    of("nothing has come yet", "", "text=Loading", { prepare: holdBack("**/status.json") }),
    of("the list does not come", "", "text=Could not load the campaigns", {
      prepare: (page) =>
        page.route("**/campaigns.json*", (route) => route.fulfill({ status: 500, body: `${LONG_REASON}\n` })),
      isNoisy: true,
    }),
    of("the server is gone", "limit=10", "#offline .alarm", {
      act: async (page) => {
        await page.locator(LIST).first().waitFor();
        await page.route("**/*.json*", refuse);
      },
      isNoisy: true,
    }),
    of("the server never came", "", "text=does not answer", {
      prepare: (page) => page.route("**/*.json*", refuse),
      isNoisy: true,
    }),
    of("an index was refused", "limit=10", "#attention li", { prepare: telling(reloads("refused", "replaced")) }),
    of("three were refused", "view=server", "#refused", { prepare: telling(reloads("refused", "refused", "refused")) }),
    of("all that needs attention", "limit=10", "#attention li >> nth=3", {
      prepare: telling({
        ...reloads("refused", "refused", "refused"),
        ...TURNED_AWAY,
        fixed_period: 2,
        workers: { listening: 2, restarts: 3 },
        time_zone: "America/Argentina/ComodRivadavia",
      }),
    }),
    of("the period is fixed", "limit=10", "#attention :text('PERIOD')", { prepare: telling({ fixed_period: 2 }) }),
    of("the login", "", "form[action^='/login']", { start: guarded, isNoisy: true }),
    of("the login again", "", "#token-said:not(:empty)", {
      start: guarded,
      isNoisy: true,
      act: async (page) => {
        await page.locator("#token").fill("another one");
        await page.getByRole("button").click();
      },
    }),
  ];
}
