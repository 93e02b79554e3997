/** Node.js' own HTTP server with Billboard's look-up. */
import type { Contender, Stage } from "./contender.js";
import { runningOf, startProgram } from "./server-program.js";

export function nodeHttp({ index }: Stage): Contender {
  return {
    name: "node-http",
    label: "node:http, the same look-up",
    needs: [],
    start: async (port, cores) => runningOf(await startProgram("node-http-server", { port, index }, cores)),
  };
}
