/** Serves an index: configuration, log, signals, and what a start says to people. */
import { isatty } from "node:tty";
import type { Logger } from "pino";
import { OPTION_NAMES, readConfig, settingOptions, type Config } from "../config.js";
import { periodAt } from "../decision/period.js";
import { Catalog, NONE } from "../index/catalog.js";
import { openLog } from "../log/log.js";
import { command } from "../options/command.js";
import { UsageError } from "../options/options.js";
import { printable } from "../options/printable.js";
import { chooseEngine, type Choice } from "../server/engine.js";
import { Service, type Started } from "../service.js";
import { removePidFile, writePidFile } from "./pid-file.js";
import { handSignalsTo } from "./signals.js";
import { adminUrlOf, urlOf } from "./url.js";

export const serve = command({
  name: "billboard serve",
  summary: "Serve an index, in the foreground.",
  options: {
    ...settingOptions(OPTION_NAMES),
    announce: { help: "say where the page and the dashboard are, as on a terminal, wherever the output goes" },
  },
  notes: `Each but --announce is a variable of the environment too: --admin-port is ADMIN_PORT. An option wins over its variable.
Tokens are variables only, or in files: everybody on the machine can read the options of a process.
SIGHUP loads the index on disk; SIGTERM and SIGINT finish what is in flight and end the server.
The log goes to standard output: for people on a terminal, elsewhere as JSON.`,
  run: async (values) => {
    const config = readConfig(values);
    const isTerminal = isatty(1);
    const log = await openLog(config.LOG_LEVEL, isTerminal);
    const { ENGINE, WORKERS, UWS_ALLOW_OTHER } = config;
    const choice = await chooseEngine(ENGINE, WORKERS, UWS_ALLOW_OTHER);
    const service = new Service(config, choice, log);
    process.on("uncaughtException", (error) => void service.fail(error));
    handSignalsTo(service);
    try {
      const started = await service.start((admin) => {
        keepPidFile(config, admin);
      });
      if (started === undefined) return 0;
      keepPidFile(config, started);
      logReady(log.logger, config, choice, started);
      if (isTerminal || values.announce) log.writer.write(announcement(config, started));
      return 0;
    } catch (error) {
      // Later, once the error is told: what is open by then would keep the process up.
      setImmediate(() => void service.exit(error instanceof UsageError ? 2 : 1));
      throw error;
    }
  },
});

function keepPidFile(config: Config, { adminPort }: Pick<Started, "adminPort">): void {
  const { PID_FILE: file } = config;
  if (file === "") return;
  writePidFile(file, adminUrlOf(config, adminPort));
  process.on("exit", () => {
    removePidFile(file);
  });
}

function logReady(
  log: Logger,
  config: Config,
  { engine, workers }: Choice,
  { port, adminPort, healthPort, conversionPort, index }: Started,
): void {
  const { HOST: host, TIME_ZONE: timeZone, ADMIN_SOCKET, ADMIN_HOST } = config;
  const admin = adminPort === undefined ? { adminSocket: ADMIN_SOCKET } : { adminHost: ADMIN_HOST, adminPort };
  const { generation } = index;
  log.info(
    { event: "ready", host, port, ...admin, healthPort, conversionPort, engine, workers, generation, timeZone },
    "serving",
  );
}

function announcement(config: Config, { port, adminPort, index }: Started): string {
  const { generation, campaignIds } = index;
  const { periods, campaigns, banners } = index.counts;
  const catalog = new Catalog(index);
  const period = config.PERIOD || periodAt(Date.now(), config.TIME_ZONE, periods);
  const example = campaignIds.find((id) => catalog.cellOf(id, period) !== NONE) ?? campaignIds[0] ?? 1;
  const sizes = [counted(periods, "period"), counted(campaigns, "campaign"), counted(banners, "banner")].join(", ");
  return (
    `Index:     generation ${generation}, ${sizes} (${printable(config.INDEX_FILE)})\n` +
    `Page:      ${printable(urlOf(config.HOST, port))}/campaigns/${example}/\n` +
    `Dashboard: ${printable(adminUrlOf(config, adminPort))}/\n`
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
