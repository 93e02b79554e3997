/** Draws what a server does: requests, decisions, reloads, its workers and index, and the pages that it turned away. */
import type { VNode } from "preact";
import { describeReload, type ReloadResult } from "../../src/index/reload.js";
import { RULES_BY_X } from "../../src/index/sections.js";
import { count, counted, durationText } from "../../src/index/wording.js";
import { printable } from "../../src/options/printable.js";
import { changeText } from "../../src/view/change/comparison.js";
import { momentText } from "../clock.js";
import { useLoaded } from "../loaded.js";
import { Count, Money } from "../number.js";
import { Action, Card, type Fact, Facts, RuleName } from "../parts.js";
import { useShell } from "../shell.js";
import { Table } from "../table.js";
import { refusalText } from "./concerns.js";
import { Recording } from "./recording.js";
import { ask, read, useStatus } from "./server.js";

const ENGINES = { uws: "uWebSockets.js", node: "node:http" };
const RESULTS = { replaced: "Reloaded", unchanged: "Unchanged", refused: "Refused" };

export function ServerView(): VNode {
  const { source } = useShell();
  const contents = useLoaded("overview", source.overview).value;
  const { index, pull, workers, reloads, requests, requests_a_second: rates, ...status } = useStatus();
  const now = Date.parse(status.now);
  const at = (iso: string): string => momentText(Date.parse(iso), now, status.time_zone);
  const since = (iso: string): string => durationText((now - Date.parse(iso)) / 1000);
  const seen = requests.filter((series) => series.count > 0);
  const total = seen.reduce((sum, series) => sum + series.count, 0);
  const refusal = refusalText(reloads);
  return (
    <>
      <h1>What the server does</h1>
      <div class="server">
        <Card id="requests" title="Requests">
          <Facts
            of={[
              ["A second", count(Math.round(rates.at(-1) ?? 0))],
              ["In the last minute", `at most ${count(Math.round(Math.max(0, ...rates)))} a second`],
              ["Since the start", `${count(total)} in ${since(status.started_at)}`],
              ...seen.map((series): Fact => [`${series.route}: ${series.code}`, <Count value={series.count} />]),
            ]}
          />
        </Card>
        <Card id="index" title="Index">
          {index === undefined && <p>There is no index yet. This page shows the first one as soon as it is there.</p>}
          <Facts
            of={[
              ["Generation", index?.generation],
              ["Loaded", index && `${at(index.loaded_at)}, ${since(index.loaded_at)} ago`],
              ["Campaigns", index && contents && count(contents.campaigns)],
              ["Banners", index && contents && count(contents.banners)],
              ["Periods cut in", index?.time_zone && printable(index.time_zone)],
              ["TIME_ZONE", status.time_zone],
              ["PERIOD", status.fixed_period],
              ["Source", pull && printable(pull.source)],
              ["Last good answer", pull && (pull.last_success_at ? at(pull.last_success_at) : "none yet")],
              ["Last pull", pull?.reason && `${pull.last_result!}: ${printable(pull.reason)}`],
              ["Next", pull?.waiting && `${pull.waiting.generation}, at ${at(pull.waiting.at)}`],
              ["Workers", `${counted(workers.listening, "worker")} by ${ENGINES[status.engine]}`],
              ["Restarted", workers.restarts > 0 && counted(workers.restarts, "worker")],
            ]}
          />
          {index && <a href="/report">Report of this index</a>}
        </Card>
        <Card id="reloads" title="Reloads">
          {refusal && (
            <p class="state alarm" id="refused">
              {refusal}
            </p>
          )}
          <Action text="Reload index" does={reload} />
          {reloads.length === 0 && <p class="quiet">None since the start.</p>}
          <ol class="reloads" aria-label="Reloads, the newest first">
            {reloads.map(({ at: iso, result, generation, reason, change }) => (
              <li key={iso} class={result}>
                <span class="pill">{RESULTS[result]}</span> {at(iso)}{" "}
                {reason === undefined ? <code>{generation}</code> : <span class="why">{printable(reason)}</span>}
                {change && (
                  <span class="quiet">
                    {" "}
                    {changeText(change)}; revenue <Money exact={change.revenue.after} />, before{" "}
                    <Money exact={change.revenue.before} />
                  </span>
                )}
              </li>
            ))}
          </ol>
        </Card>
        <Card id="decisions" title="What banners were chosen from">
          <Facts
            as="decisions"
            of={RULES_BY_X.map((rule) => [<RuleName rule={rule} />, <Count value={status.decisions[rule]} />])}
          />
          <p class="quiet">
            {counted(status.repeats_avoided, "time")} a visitor would have seen the same banner twice in a row, and did
            not
          </p>
        </Card>
        <Recording />
        {status.turned_away.length > 0 && (
          <Card id="turned-away" title="Sites that were turned away">
            <p>Their pages asked for banners. Where one is meant to show banners, add it to ALLOWED_ORIGINS.</p>
            <Table
              id="origins"
              caption="Sites that were turned away, the last first"
              columns={[
                { id: "origin", head: "Site", isText: true },
                { id: "count", head: "Requests", as: "count", value: (origin) => origin.count },
                { id: "last", head: "Last", value: ({ last_at }) => at(last_at) },
              ]}
              cells={{ origin: ({ origin }) => <code>{printable(origin)}</code> }}
              rows={status.turned_away}
            />
          </Card>
        )}
      </div>
    </>
  );
}

/** A refusal is a result too. */
async function reload(): Promise<string> {
  const text = describeReload(await read<ReloadResult>(await ask("/reload", undefined, "POST"), 409));
  return `${text[0]!.toUpperCase()}${printable(text.slice(1))}.`;
}
