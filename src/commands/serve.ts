/** `npm start`: configuration, log, signals. `--announce` also says for people where the page is. */
import { pino } from "pino";
import { Catalog, NONE } from "../index/catalog.js";
import { ConfigError, readConfig, type Config } from "../config.js";
import { periodAt } from "../decision/period.js";
import { removePidFile, writePidFile } from "./pid-file.js";
import { Service, type Started } from "../service.js";
import { urlOf } from "./url.js";

function announce(config: Config, { port, adminPort, index }: Started): void {
  const catalog = new Catalog(index);
  const period = periodAt(Date.now(), config.TIME_ZONE, index.counts.periods);
  const example = index.campaignIds.find((id) => catalog.cellOf(id, period) !== NONE) ?? index.campaignIds[0] ?? 1;
  process.stdout.write(
    `Billboard: open ${urlOf(config.HOST, port)}/campaigns/${example}/ in a browser; Ctrl-C ends it.\n` +
      `Billboard: the dashboard is at ${urlOf(config.ADMIN_HOST, adminPort)}/.\n`,
  );
}

async function serve(config: Config, service: Service): Promise<void> {
  const started = await service.start();
  if (started === undefined) return;
  if (config.PID_FILE !== "") {
    writePidFile(config.PID_FILE);
    process.on("exit", () => {
      removePidFile(config.PID_FILE);
    });
  }
  const { port, adminPort, index } = started;
  const { HOST: host, ADMIN_HOST: adminHost, WORKERS: workers, TIME_ZONE: timeZone } = config;
  const { generation } = index;
  log.info({ event: "ready", host, port, adminHost, adminPort, workers, generation, timeZone }, "serving");
  if (process.argv.includes("--announce")) announce(config, started);
}

function complain(error: unknown): void {
  process.stderr.write(`billboard: ${(error as Error).message}\n`);
}

function configured(): Config {
  try {
    return readConfig();
  } catch (error) {
    complain(error);
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}

const config = configured();
// Written at once, so that nothing is lost when the process ends.
const log = pino({ level: config.LOG_LEVEL, base: null }, pino.destination({ sync: true }));
const service = new Service(config, log);
process.on("uncaughtException", (error) => void service.fail(error));
process.on("SIGHUP", () => {
  service.reload();
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void service.end(signal));
try {
  await serve(config, service);
} catch (error) {
  complain(error);
  await service.exit(1);
}
