/** Draws the documents' drawings: `npm run draw`. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { drawingOf } from "./drawing.js";

await runCommand(
  command({
    name: "npm run draw --",
    summary: "Draws each docs/NAME.dot as docs/NAME.svg.",
    options: { docs: { ...FOLDER, help: "the folder of the drawings", default: "docs" } },
    run: async ({ docs }) => {
      for (const name of (await readdir(docs)).filter((file) => file.endsWith(".dot")).sort()) {
        const svg = join(docs, name.replace(/\.dot$/, ".svg"));
        await writeFile(svg, await drawingOf(await readFile(join(docs, name), "utf8")));
        process.stdout.write(`${svg}\n`);
      }
      return 0;
    },
  }),
);
