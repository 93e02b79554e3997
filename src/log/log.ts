/** Opens the log: JSON lines, or lines for people on a terminal, neither of which can stop the server. */
import { pino, type Logger } from "pino";
import { LineWriter } from "./line-writer.js";
import { openOutput } from "./output.js";
import { TERMINAL_LOG } from "./terminal-log.js";

export interface Log {
  readonly logger: Logger;
  /** Writes to the same place, for people. */
  readonly writer: LineWriter;
}

export async function openLog(level: string, isTerminal: boolean): Promise<Log> {
  const writer = new LineWriter(openOutput(), (lines) => {
    // An error, since errors may have been among them.
    logger.error({ event: "log-dropped", lines }, `${lines} log lines were dropped: they could not be written`);
  });
  const format = isTerminal ? await prettyLines() : (line: string) => line;
  const logger = pino(
    { level, base: null, ...(isTerminal && TERMINAL_LOG) },
    {
      write: (line: string) => {
        writer.write(format(line));
      },
    },
  );
  process.on("exit", () => {
    writer.flush();
  });
  return { logger, writer };
}

async function prettyLines(): Promise<(line: string) => string> {
  const { prettyFactory } = await import("pino-pretty");
  return prettyFactory({ singleLine: true, translateTime: "SYS:HH:MM:ss" });
}
