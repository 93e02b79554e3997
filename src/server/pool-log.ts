/** Logs what happens to the workers. */
import type { Logger } from "pino";
import type { PoolEvents } from "./worker-pool.js";

export function poolLog(log: Logger, onStuck: PoolEvents["onStuck"]): PoolEvents {
  return {
    onDeath: (worker, reason, restartAfterMs) => {
      log.error({ event: "worker-died", worker, reason, restartAfterMs }, "worker died");
    },
    onRestarted: (worker) => {
      log.info({ event: "worker-restarted", worker }, "worker restarted");
    },
    onHang: (worker) => {
      log.error({ event: "worker-hangs", worker }, `worker ${worker} hangs: it does nothing any more`);
    },
    onResumed: (worker) => {
      log.info({ event: "worker-resumed", worker }, `worker ${worker} goes on`);
    },
    onStuck,
    onError: (worker, { error, method, path }) => {
      log.error({ event: "error", worker, err: error, method, path }, "unexpected error in a request");
    },
    onRequest: (worker, request) => {
      log.info({ event: "request", worker, ...request });
    },
  };
}
