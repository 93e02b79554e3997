/**
 * Imported into a server under test by NODE_OPTIONS: while there is a file that FAIL names, every second worker thread
 * fails to load an index, by the clock of its period.
 */
import { existsSync } from "node:fs";
import { isMainThread, threadId } from "node:worker_threads";

if (!isMainThread && threadId % 2 === 0)
  Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
    construct(target, args: ConstructorParameters<typeof Intl.DateTimeFormat>) {
      if (existsSync(process.env["FAIL"]!)) throw new Error("an error of the test");
      return new target(...args);
    },
  });
