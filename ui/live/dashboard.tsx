/** Runs the interface as the dashboard of a server. */
import { render, type VNode } from "preact";
import { useMemo } from "preact/hooks";
import { durationText, minutesOf } from "../../src/index/wording.js";
import type { Settings } from "../../src/view/page-settings.js";
import type { Overview } from "../../src/view/rows.js";
import { App } from "../app.js";
import { LiveCampaign } from "../campaign/live-campaign.js";
import { timeText } from "../clock.js";
import { sumOf } from "../figures.js";
import { Money } from "../number.js";
import { Card } from "../parts.js";
import { useShell, type Shell } from "../shell.js";
import { concernsOf } from "./concerns.js";
import { FollowingContext, server, useFollowing, useStatus } from "./server.js";
import { ServerView } from "./server-view.js";

const settings = JSON.parse(document.getElementById("settings")!.textContent) as Settings;

const corner = settings.server?.has_session === true && (
  <form method="post" action="/logout">
    <button class="plain">Log out</button>
  </form>
);

const PARTS: Omit<Shell, "generation" | "isGone" | "periods" | "period"> = {
  source: server,
  settings,
  start: "?",
  useConcerns: () => concernsOf(useStatus()),
  own: { view: "server", name: "Server", Content: ServerView },
  Now,
  OfCampaign: LiveCampaign,
  Notice,
  corner,
};

function Dashboard(): VNode {
  const following = useFollowing();
  const { isGone, status } = following;
  const { generation = "", period = 0, periods = 0 } = status?.index ?? {};
  const own = { generation, isGone, periods, period };
  // The same as long as these are, so that only what shows the status is drawn each second.
  const shell = useMemo<Shell>(() => ({ ...PARTS, ...own }), Object.values(own));
  return (
    <FollowingContext.Provider value={following}>
      {status ? <App shell={shell} /> : <Waiting isGone={isGone} />}
    </FollowingContext.Provider>
  );
}

/** Before the first answer. */
function Waiting({ isGone }: { readonly isGone: boolean }): VNode {
  return (
    <main class="alone">
      <h1>Billboard</h1>
      <p class={isGone ? "state alarm" : "state loading"} role="status">
        {isGone ? "The server does not answer. It is asked again each second." : "Loading …"}
      </p>
    </main>
  );
}

function Notice(): VNode {
  const { time_zone, now } = useStatus();
  const since = timeText(Date.parse(now), time_zone);
  return (
    <div role="status" id="offline">
      {useShell().isGone && (
        <p class="state alarm">
          <strong>The server does not answer.</strong> What you see is from {since}. It is asked again each second.
        </p>
      )}
    </div>
  );
}

function Now({ totals = [] }: { readonly totals?: Overview["totals"] | undefined }): VNode {
  const { now, time_zone, index, fixed_period } = useStatus();
  const { period, periods, next_period_at } = index!;
  const [time, next] = [Date.parse(now), Date.parse(next_period_at)];
  const earned = totals[period - 1];
  const minutes = `Minutes ${minutesOf((period % periods) + 1, periods)} begin at ${timeText(next, time_zone).slice(0, 5)}`;
  return (
    <Card id="on-now" title={[<small>Shown now: minutes</small>, " ", minutesOf(period, periods)]} Heading="h1">
      <p>
        Period {period} of {periods}
        {fixed_period !== undefined && ", which PERIOD fixes for demonstrations"}
      </p>
      {fixed_period === undefined && periods > 1 && (
        <p>
          {minutes}, in {durationText((next - time) / 1000)}
        </p>
      )}
      {earned && (
        <p>
          <Money exact={earned.revenue} /> revenue, of <Money exact={sumOf(totals).revenue} /> in the whole hour
        </p>
      )}
      <p class="quiet">
        {timeText(time, time_zone)} {time_zone}
      </p>
    </Card>
  );
}

render(<Dashboard />, document.getElementById("app")!);
