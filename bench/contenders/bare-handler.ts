/** A bare uWebSockets.js handler, which answers with constant bytes and reads nothing: the limit of the stack. */
import type { Contender, Stage } from "./contender.js";
import { runningOf, startProgram } from "./server-program.js";

export function bareHandler({ index }: Stage): Contender {
  return {
    name: "bare-handler",
    label: "uWebSockets.js, constant bytes",
    needs: [],
    start: async (port, cores) => runningOf(await startProgram("bare-handler-server", { port, index }, cores)),
  };
}
