/** Simulates what exploration costs and brings: `npm run simulate-exploration`. */
import { command, runCommand } from "../../src/options/command.js";
import { text, wholeNumber } from "../../src/options/values.js";
import { runVariants, tableOf } from "./report.js";

await runCommand(
  command({
    name: "npm run simulate-exploration",
    summary: "Simulates what exploration costs and brings.",
    options: {
      banners: { ...wholeNumber(10, 10_000), default: "60", help: "banners of the campaign" },
      days: { ...wholeNumber(1, 1000), default: "40", help: "days, each with an index of its own" },
      visits: { ...wholeNumber(1, 1_000_000), default: "5000", help: "visits a day" },
      seeds: { ...wholeNumber(1, 1000), default: "20", help: "campaigns, each with other banners" },
      seed: { ...text("TEXT", "any text"), default: "explore", help: "of what is random" },
    },
    notes: `Prints the mean over the campaigns, and its standard deviation, as a table for docs/choosing.md. Each day's index is
compiled by the build from the events before, and decides by the server's code: the same seed prints the same table.
Exit code: 0, or 2 for wrong usage.`,
    run: ({ seeds, seed, ...plan }) => {
      process.stdout.write(tableOf(runVariants(plan, seeds, seed)));
      return Promise.resolve(0);
    },
  }),
);
