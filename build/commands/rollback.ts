/** `npm run rollback-index`: puts the previous index back. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../../src/options/old-command.js";
import { loadIndex } from "../../src/index/load.js";
import { DataError } from "../data-error.js";
import { messageOf } from "./failure.js";
import { INDEX_FILE, PREVIOUS_INDEX_FILE, Publication } from "../write/publish.js";

const USAGE = `Usage: npm run rollback-index -- [options]
  --out DIR    the folder that holds index.bin and index.previous.bin (dist-index)
  --help       this text

The two change places, so that a second rollback takes the first one back. What is put back is checked whole before.
`;

/** The folder; undefined where help is asked for. */
function readArguments(): string | undefined {
  const { values } = parseArgs({
    options: { out: { type: "string", default: "dist-index" }, help: { type: "boolean", default: false } },
  });
  return values.help ? undefined : values.out;
}

/** @returns the generation that is published now */
async function rollBack(folder: string): Promise<string> {
  const previous = join(folder, PREVIOUS_INDEX_FILE);
  if (!existsSync(previous)) throw new DataError(`${previous}: there is no previous index to put back`);
  const publication = await Publication.begin(folder);
  try {
    const { generation } = await loadIndex(previous);
    await publication.rollBack();
    return generation;
  } finally {
    await publication.end();
  }
}

await runCommand({
  name: "rollback-index",
  usage: () => USAGE,
  readArguments,
  run: async (folder): Promise<undefined> => {
    const generation = await rollBack(folder);
    process.stdout.write(
      `${join(folder, INDEX_FILE)} is generation ${generation} now; the one before it is ${PREVIOUS_INDEX_FILE}. ` +
        "The reports there tell of the last build, and a running server takes it up on SIGHUP.\n",
    );
  },
  explain: messageOf,
});
