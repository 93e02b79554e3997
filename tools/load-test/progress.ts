/** A line that counts requests while they run. */
import type { Tally } from "./tally.js";

const REFRESH_MS = 200;

/** What watches a run on this stream; nothing is written where that is no terminal. */
export function showProgress(stream: NodeJS.WriteStream): (tally: Tally, requests: number) => () => void {
  if (!stream.isTTY) return () => () => undefined;
  return (tally, requests) => {
    const timer = setInterval(() => {
      const wrong = tally.failed.total + tally.violations.total;
      stream.write(`\r\x1b[K${tally.complete} of ${requests} requests, ${wrong} wrong`);
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
      stream.write("\r\x1b[K");
    };
  };
}
