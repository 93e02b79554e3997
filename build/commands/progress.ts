/** Shows the progress of a build in one line of the terminal. */
import { durationText } from "../../src/index/wording.js";
import type { ReadProgress } from "../read/event-reader.js";
import type { OnStage, Stage } from "../stages.js";

const INTERVAL_MS = 200;

const STAGE_TEXTS: Readonly<Record<Stage, string>> = {
  find: "looking for files",
  digest: "taking digests of the files",
  read: "reading",
  count: "ClickHouse is counting",
  compile: "ranking banners",
  check: "checking the index",
  report: "writing the report",
  publish: "publishing",
};

/** @param ofBytes undefined where nobody knows how much there is to read */
export function readingText({ rows, bytes }: ReadProgress, ofBytes: number | undefined, seconds: number): string {
  const pace = seconds === 0 ? 0 : Math.round(rows / seconds);
  const read = `${rows.toLocaleString("en-US")} rows, ${pace.toLocaleString("en-US")} a second`;
  if (ofBytes === undefined) return read;
  // Bytes that are read again after a broken quote count twice.
  const share = Math.min(ofBytes === 0 ? 1 : bytes / ofBytes, 1);
  const left = share === 0 ? "" : `, ${durationText(Math.ceil((seconds * (1 - share)) / share))} left`;
  return `${read}, ${Math.floor(share * 100)} %${left}`;
}

export class ProgressLine {
  readonly #timer: NodeJS.Timeout;
  #text: () => string = () => "";

  constructor(
    readonly terminal: { write(text: string): unknown },
    readonly now: () => number = () => performance.now(),
  ) {
    this.#timer = setInterval(() => {
      this.draw();
    }, INTERVAL_MS);
  }

  readonly onStage: OnStage = (stage, progress, bytes) => {
    const start = this.now();
    this.#text = () =>
      progress === undefined
        ? `${STAGE_TEXTS[stage]} …`
        : `${STAGE_TEXTS[stage]}: ${readingText(progress(), bytes, (this.now() - start) / 1000)}`;
    this.draw();
  };

  draw(): void {
    this.terminal.write(`\r\u001b[K${this.#text()}`);
  }

  /** Writes a line that stays. */
  note(text: string): void {
    this.terminal.write(`\r\u001b[K${text}\n`);
    this.draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.terminal.write("\r\u001b[K");
  }
}
