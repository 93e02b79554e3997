/** Puts the previous index back. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { loadIndex } from "../../src/index/load.js";
import { DataError } from "../data-error.js";
import { messageOf } from "./failure.js";
import { INDEX_FILE, PREVIOUS_INDEX_FILE, Publication } from "../write/publish.js";

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

export const rollback = command({
  name: "billboard rollback",
  summary: "Put the previous index back.",
  options: {
    out: { ...FOLDER, default: "dist-index", help: "the folder that holds index.bin and index.previous.bin" },
  },
  notes:
    "The two change places, so that a second rollback takes the first one back. What is put back is checked before.",
  run: async ({ out }) => {
    const generation = await rollBack(out);
    process.stdout.write(
      `${join(out, INDEX_FILE)} is generation ${generation} now; the one before it is ${PREVIOUS_INDEX_FILE}. ` +
        "The reports there tell of the last build, and a running server takes it up on SIGHUP.\n",
    );
    return 0;
  },
  explain: (error, { out }) => messageOf(error, out),
});
