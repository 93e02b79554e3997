/** Serves an index: configuration, log, signals, and what a start says to people. */
import { destination, pino, type Logger } from "pino";
import { readConfig, settingOptions, VARIABLE_NAMES, type Config } from "../config.js";
import { periodAt } from "../decision/period.js";
import { Catalog, NONE } from "../index/catalog.js";
import { command } from "../options/command.js";
import { printable } from "../options/printable.js";
import { Service, type Started } from "../service.js";
import { removePidFile, writePidFile } from "./pid-file.js";
import { TERMINAL_LOG } from "./terminal-log.js";
import { urlOf } from "./url.js";

export const serve = command({
  name: "billboard serve",
  summary: "Serve an index, in the foreground.",
  options: {
    ...settingOptions(VARIABLE_NAMES),
    announce: { help: "say where the page and the dashboard are, as on a terminal, wherever the output goes" },
  },
  notes: `Each but --announce is a variable of the environment too: --admin-port is ADMIN_PORT. An option wins over its variable.
SIGHUP loads the index on disk; SIGTERM and SIGINT finish what is in flight and end the server.
The log goes to standard output: for people on a terminal, elsewhere as JSON.`,
  run: async (values) => {
    const config = readConfig(values);
    const isTerminal = process.stdout.isTTY;
    const log = await openLog(config.LOG_LEVEL, isTerminal);
    const service = new Service(config, log);
    process.on("uncaughtException", (error) => void service.fail(error));
    process.on("SIGHUP", () => {
      service.reload();
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void service.end(signal));
    try {
      const started = await service.start();
      // It was ended while it started.
      if (started === undefined) return 0;
      keepPidFile(config, started);
      logReady(log, config, started);
      if (isTerminal || values.announce) announce(config, started);
      return 0;
    } catch (error) {
      // After the error is told; what is open by then would keep the process up.
      setImmediate(() => void service.exit(1));
      throw error;
    }
  },
});

/** Each line is written at once, so that nothing is lost when the process ends. */
async function openLog(level: string, isTerminal: boolean): Promise<Logger> {
  if (!isTerminal) return pino({ level, base: null }, destination({ sync: true }));
  const { build } = await import("pino-pretty");
  return pino(
    { level, base: null, ...TERMINAL_LOG },
    build({ sync: true, singleLine: true, translateTime: "SYS:HH:MM:ss" }),
  );
}

function keepPidFile({ PID_FILE: file, ADMIN_HOST }: Config, { adminPort }: Started): void {
  if (file === "") return;
  writePidFile(file, urlOf(ADMIN_HOST, adminPort));
  process.on("exit", () => {
    removePidFile(file);
  });
}

function logReady(log: Logger, config: Config, { port, adminPort, index: { generation } }: Started): void {
  const { HOST: host, ADMIN_HOST: adminHost, WORKERS: workers, TIME_ZONE: timeZone } = config;
  log.info({ event: "ready", host, port, adminHost, adminPort, workers, generation, timeZone }, "serving");
}

function announce(config: Config, { port, adminPort, index }: Started): void {
  const { generation, campaignIds } = index;
  const { periods, campaigns, banners } = index.counts;
  const catalog = new Catalog(index);
  const period = periodAt(Date.now(), config.TIME_ZONE, periods);
  const example = campaignIds.find((id) => catalog.cellOf(id, period) !== NONE) ?? campaignIds[0] ?? 1;
  const sizes = [counted(periods, "period"), counted(campaigns, "campaign"), counted(banners, "banner")].join(", ");
  process.stdout.write(
    `Index:     generation ${generation}, ${sizes} (${printable(config.INDEX_FILE)})\n` +
      `Page:      ${printable(urlOf(config.HOST, port))}/campaigns/${example}/\n` +
      `Dashboard: ${printable(urlOf(config.ADMIN_HOST, adminPort))}/\n`,
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
