/** Draws what a server records: how much, what was lost, and the clicks that did not count. */
import type { VNode } from "preact";
import { count, counted } from "../../src/index/wording.js";
import { printable } from "../../src/options/printable.js";
import { RECORDED_KINDS, type RecordedKind } from "../../src/recording/event-kinds.js";
import type { UncountedClick } from "../../src/response/counters.js";
import { momentText } from "../clock.js";
import { Count } from "../number.js";
import { Card, Facts } from "../parts.js";
import { Table } from "../table.js";
import { recordingTexts } from "./concerns.js";
import { useStatus } from "./server.js";

const REASONS: Readonly<Record<UncountedClick, string>> = {
  head: "A program looked where the link leads",
  ignored: "Left out by a setting",
  prefetch: "A browser loaded the page in advance",
  "no-decision": "Of no banner that was recorded, or its cookie did not come",
  foreign: "The link is not ours, or was changed",
  expired: "Too long after the banner was shown",
  repeated: "The same banner was clicked before",
};

/** Nothing where nothing is recorded. */
export function Recording(): VNode | null {
  const { recording, now, time_zone } = useStatus();
  if (recording === undefined) return null;
  const { folder, recorded, recorded_a_second, dropped, uncounted_clicks, last_write_at } = recording;
  // The server looks about each second, so that the sum is not exact.
  const lastMinute = (kind: RecordedKind): number =>
    Math.min(recorded[kind], Math.round(recorded_a_second[kind].reduce((sum, rate) => sum + rate, 0)));
  const uncounted = Object.entries(uncounted_clicks).filter(([, clicks]) => clicks > 0);
  return (
    <Card id="recording" title="What is recorded">
      {recordingTexts(recording).map((text) => (
        <p class="state alarm">{text}</p>
      ))}
      <Table
        id="recorded"
        caption="What was recorded"
        columns={[
          { id: "name", head: "What", isText: true, value: (kind) => kind[0]!.toUpperCase() + kind.slice(1) },
          { id: "minute", head: "Last minute", as: "count", value: lastMinute },
          { id: "all", head: "Since the start", as: "count", value: (kind) => recorded[kind] },
          // Whoever sends a conversion is told to send it again.
          { id: "lost", head: "Lost", as: "count", value: (kind) => (kind === "conversions" ? 0 : dropped[kind]) },
        ]}
        rows={RECORDED_KINDS}
      />
      <Facts
        of={[
          ["Last written", last_write_at && momentText(Date.parse(last_write_at), Date.parse(now), time_zone)],
          ["Ready for a build", counted(recording.closed_files, "file")],
          ["In the folder", printable(folder)],
        ]}
      />
      <h3>Clicks that led on and did not count</h3>
      {uncounted.length === 0 && <p class="quiet">{count(0)} since the start</p>}
      <Facts as="decisions" of={uncounted.map(([why, n]) => [REASONS[why as UncountedClick], <Count value={n} />])} />
    </Card>
  );
}
