/** `npm start`: configuration, index, port, signals. `--announce` also says for people where the page is. */
import { pino } from "pino";
import { Answers } from "./answer.js";
import { Catalog, NONE } from "./catalog.js";
import { ConfigError, readConfig, type Config } from "./config.js";
import type { Index } from "./index-format.js";
import { loadIndex } from "./load-index.js";
import { removePidFile, writePidFile } from "./pid-file.js";
import { Reloader } from "./reload.js";
import { Server } from "./server.js";

function answersOf(index: Index, config: Config): Answers {
  return new Answers(new Catalog(index), {
    cookieMaxAge: config.COOKIE_MAX_AGE,
    cookieSecure: config.COOKIE_SECURE,
    bannerBaseUrl: config.BANNER_BASE_URL,
    timeZone: config.TIME_ZONE,
  });
}

function announce(config: Config, port: number, { catalog, period }: Answers): void {
  const host = config.HOST === "0.0.0.0" || config.HOST === "::" ? "localhost" : config.HOST;
  const { campaignIds } = catalog.index;
  const example = campaignIds.find((id) => catalog.cellOf(id, period) !== NONE) ?? campaignIds[0] ?? 1;
  process.stdout.write(`Billboard: open http://${host}:${port}/campaigns/${example}/ in a browser; Ctrl-C ends it.\n`);
}

async function serve(config: Config): Promise<void> {
  // Written at once, so that nothing is lost when the process ends.
  const log = pino({ level: config.LOG_LEVEL, base: null }, pino.destination({ sync: true }));
  const index = await loadIndex(config.INDEX_FILE);
  const answers = answersOf(index, config);
  const server = new Server(answers, {
    onFault: (error, method, path) => {
      log.error({ event: "fault", err: error, method, path }, "a request met a fault of the server");
    },
  });
  const reloader = new Reloader(index.generation, {
    load: () => loadIndex(config.INDEX_FILE),
    replace: (fresh) => {
      server.use(answersOf(fresh, config));
    },
    report: (verdict) => {
      if (verdict.result === "refused") log.error({ event: "reload", ...verdict }, "the index on disk was refused");
      else
        log.info(
          { event: "reload", ...verdict },
          `the index on disk was ${verdict.result === "replaced" ? "taken up" : "unchanged"}`,
        );
    },
  });

  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) {
      log.warn({ event: "stop", signal }, "a second signal: ended at once");
      process.exit(1);
    }
    ending = true;
    log.info({ event: "drain", signal }, "no new connections; finishing what is in flight");
    void server.drain(config.SHUTDOWN_TIMEOUT * 1000).then((finished) => {
      if (finished) log.info({ event: "stop" }, "stopped");
      else log.warn({ event: "stop" }, "stopped; what was still in flight at the deadline was cut");
      process.exit(0);
    });
  };
  process.on("SIGHUP", () => void reloader.request());
  process.on("SIGTERM", end);
  process.on("SIGINT", end);

  const port = await server.listen(config.HOST, config.PORT);
  if (config.PID_FILE !== "") {
    writePidFile(config.PID_FILE);
    process.on("exit", () => {
      removePidFile(config.PID_FILE);
    });
  }
  log.info(
    { event: "ready", host: config.HOST, port, generation: index.generation, timeZone: config.TIME_ZONE },
    "serving",
  );
  if (process.argv.includes("--announce")) announce(config, port, answers);
}

try {
  await serve(readConfig());
} catch (error) {
  process.stderr.write(`billboard: ${(error as Error).message}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
