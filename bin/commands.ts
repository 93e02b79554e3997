/** Names the subcommands of `billboard`. Each is loaded when it is called, so that `serve` never loads the compiler. */
import type { Command } from "../src/options/command.js";

export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  build: async () => (await import("../build/commands/build.js")).build,
  cycle: async () => (await import("../build/commands/cycle.js")).cycle,
  compact: async () => (await import("../build/commands/compact.js")).compact,
  serve: async () => (await import("../src/commands/serve.js")).serve,
  status: async () => (await import("../src/commands/status.js")).status,
  inspect: async () => (await import("../src/commands/inspect.js")).inspect,
  pull: async () => (await import("../src/commands/pull.js")).pull,
  reload: async () => (await import("../src/commands/reload.js")).reload,
  rollback: async () => (await import("../build/commands/rollback.js")).rollback,
  stop: async () => (await import("../src/commands/stop.js")).stop,
  export: async () => (await import("../build/commands/export.js")).exportStatistics,
  keygen: async () => (await import("../src/commands/keygen.js")).keygen,
  sign: async () => (await import("../src/commands/sign.js")).sign,
  publish: async () => (await import("../src/commands/publish.js")).publish,
  "load-test": async () => (await import("../tools/load-test/command.js")).loadTest,
};

export async function overview(): Promise<string> {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map(async (name) => `  ${name.padEnd(width)}  ${(await COMMANDS[name]!()).summary}\n`);
  return `Usage: billboard COMMAND [options]

${(await Promise.all(lines)).join("")}
\`billboard COMMAND --help\` tells the options of one; \`billboard --version\` the version of this program.
Exit codes: 0 done, 1 bad data or a failed check, 2 wrong usage.
`;
}
