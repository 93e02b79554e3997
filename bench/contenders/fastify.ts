/** Fastify with Billboard's look-up. */
import type { Contender, Stage } from "./contender.js";
import { runningOf, startProgram } from "./server-program.js";

export function fastify({ index }: Stage): Contender {
  return {
    name: "fastify",
    label: "Fastify, the same look-up",
    needs: [],
    start: async (port, cores) => runningOf(await startProgram("fastify-server", { port, index }, cores)),
  };
}
