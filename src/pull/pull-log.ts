/** Logs how pulling goes. */
import type { Logger } from "pino";
import type { PullEvents } from "./puller.js";

export function pullLog(log: Logger, source: string): PullEvents {
  return {
    onResult: ({ result, reason }, arrived) => {
      const event = { event: "pull", result, reason };
      if (result === "replaced") {
        const generation = arrived?.digest.slice(0, 16);
        log.info({ ...event, generation, bytes: arrived?.bytes }, `index pulled from ${source}`);
      } else if (result === "unchanged") log.debug(event, `nothing new at ${source}`);
      else log[result === "refused" ? "error" : "warn"](event, `pull ${result}: ${reason ?? ""}`);
    },
    onSwitch: ({ digest }, decision) => {
      const generation = digest.slice(0, 16);
      if ("at" in decision) {
        const at = new Date(decision.at).toISOString();
        log.info({ event: "switch", generation, at }, `generation ${generation} is served from ${at} on`);
      } else
        log.warn({ event: "switch", generation }, `generation ${generation} is served at once: ${decision.reason}`);
    },
    onDropped: ({ digest }) => {
      const generation = digest.slice(0, 16);
      log.warn({ event: "switch", generation }, `generation ${generation} is not served: the source has another now`);
    },
  };
}
