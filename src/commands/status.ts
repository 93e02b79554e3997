/** Tells whether a server runs, and what it serves. */
import type { RecordingStatus, Status } from "../admin/status-json.js";
import { command } from "../options/command.js";
import { printable } from "../options/printable.js";
import { ask, findServer, SERVER_NOTES, SERVER_OPTIONS } from "./find-server.js";

/** A server whose main thread stands still is said to run, and no more. */
const TIMEOUT_MS = 5000;

export const status = command({
  name: "billboard status",
  summary: "Tell whether a server runs, and what it serves.",
  options: SERVER_OPTIONS,
  notes: `${SERVER_NOTES}
Exit code: 0 where a server runs, 1 where none does.`,
  run: async (values) => {
    const server = findServer(values);
    const { pid, adminUrl } = server;
    const who = pid === undefined ? "a server" : `process ${pid}`;
    let response;
    try {
      response = await ask(server, "GET", "/status.json", TIMEOUT_MS);
    } catch (error) {
      if (pid === undefined) throw error;
      return say(`${who} runs, but gives no status: ${(error as Error).message}`, 0);
    }
    if (response !== undefined && [401, 403, 429].includes(response.status))
      return say(`${who} runs, but gives no status at ${adminUrl}/: ${response.status}: ${response.text}`, 0);
    if (response?.status !== 200) {
      if (pid === undefined) return say(`no server answers at ${adminUrl}/`, 1);
      return say(`${who} runs, but gives no status at ${adminUrl}/`, 0);
    }
    const { index, recording, time_zone: timeZone } = JSON.parse(response.text) as Status;
    const served =
      index === undefined
        ? "has no index yet"
        : `serves generation ${index.generation}, in period ${index.period} of ${index.periods} (${timeZone})`;
    return say(`${who} ${served}${recordedText(recording)}; dashboard: ${adminUrl}/`, 0);
  },
});

function recordedText(recording: RecordingStatus | undefined): string {
  if (recording === undefined) return "";
  const { folder, failure } = recording;
  return failure === undefined ? `, records to ${folder}` : `, cannot record to ${folder}: ${failure}`;
}

function say(what: string, exitCode: number): number {
  process.stdout.write(`Billboard: ${printable(what)}\n`);
  return exitCode;
}
