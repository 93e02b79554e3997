/** Publishes the previous index again: `billboard rollback`. */
import { join } from "node:path";
import { loadIndex } from "../../src/index/load.js";
import { command } from "../../src/options/command.js";
import { printable } from "../../src/options/printable.js";
import { isThere } from "../../src/options/regular-file.js";
import { FOLDER } from "../../src/options/values.js";
import { DataError } from "../read/data-error.js";
import { INDEX_FILE, PREVIOUS_INDEX_FILE, Publication } from "../write/publish.js";
import { messageOf } from "./error-message.js";

export const rollback = command({
  name: "billboard rollback",
  summary: "Swap the published index with the previous one, which is checked first.",
  options: {
    out: { ...FOLDER, default: "dist-index", help: "folder of index.bin and index.previous.bin" },
  },
  notes: "A second rollback undoes the first.",
  run: async ({ out }) => {
    const previous = join(out, PREVIOUS_INDEX_FILE);
    if (!isThere(previous))
      throw new DataError(`${previous}: there is no previous index to roll back to: a second build leaves one`);
    const publication = await Publication.begin(out, (note) => process.stderr.write(`${note}\n`));
    try {
      const { generation } = await loadIndex(previous);
      await publication.rollBack();
      process.stdout.write(
        `${printable(join(out, INDEX_FILE))} is now generation ${generation}; the one before is ${PREVIOUS_INDEX_FILE}. ` +
          "The reports are still those of the last build; `npm run reload` has a running server load the index.\n",
      );
      return 0;
    } finally {
      await publication.end();
    }
  },
  explain: (error, { out }) => messageOf(error, out),
});
