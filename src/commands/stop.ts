/** Ends the running server that a pid file names, and waits until it has ended. */
import { setTimeout as sleep } from "node:timers/promises";
import { readConfig, settingOptions } from "../config.js";
import { command } from "../options/command.js";
import { UsageError } from "../options/options.js";
import { wholeNumber } from "../options/values.js";
import { ask } from "./find-server.js";
import { readPidFile } from "./pid-file.js";
import { adminUrlOf } from "./url.js";

const POLL_MS = 50;
const TIMEOUT_MS = 5000;

export const stop = command({
  name: "billboard stop",
  summary: "End the running server that a pid file names, and wait until it has ended.",
  options: {
    ...settingOptions(["PID_FILE"]),
    // A server may be set to take an hour for each half of its shutdown.
    timeout: { ...wholeNumber(1, 86_400), default: "7260", help: "seconds to wait for its end" },
  },
  notes: `The server gets SIGTERM: it finishes what is in flight. Exit code: 0 where no server runs, or none any more;
1 where one answers at the address of the administration port that the file does not name.`,
  run: async (values) => {
    const config = readConfig(values);
    const file = config.PID_FILE;
    if (file === "") throw new UsageError("--pid-file: name the file that the server was started with");
    const server = readPidFile(file);
    if (server === undefined) {
      const adminUrl = adminUrlOf(config);
      const other = await ask({ adminUrl, token: undefined }, "GET", "/healthz", TIMEOUT_MS);
      if (other?.text === "alive")
        throw new Error(`${file} names no server, and one answers at ${adminUrl}/: end it where it was started`);
      process.stdout.write("Billboard: no server runs here.\n");
      return 0;
    }
    const { pid } = server;
    process.kill(pid, "SIGTERM");
    const deadline = performance.now() + values.timeout * 1000;
    while (readPidFile(file)?.pid === pid) {
      if (performance.now() > deadline)
        throw new Error(`process ${pid} got SIGTERM and has not ended: look at its log`);
      await sleep(POLL_MS);
    }
    process.stdout.write(`Billboard: process ${pid} has ended.\n`);
    return 0;
  },
});
