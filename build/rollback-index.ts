/** `npm run rollback-index`: puts the previous index back. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadIndex } from "../src/load-index.js";
import { DataError } from "./data-error.js";
import { messageOf } from "./failure.js";
import { INDEX_FILE, PREVIOUS_INDEX_FILE, Publication } from "./publish.js";

const USAGE = `Usage: npm run rollback-index -- [options]
  --out DIR    the folder that holds index.bin and index.previous.bin (dist-index)
  --help       this text

The two change places, so that a second rollback takes the first one back. What is put back is checked whole before.
`;

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

async function main(): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      options: { out: { type: "string", default: "dist-index" }, help: { type: "boolean", default: false } },
    }));
  } catch (error) {
    process.stderr.write(`rollback-index: ${(error as Error).message.split("\n", 1)[0]!}\n`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { out } = values;
  try {
    const generation = await rollBack(out);
    process.stdout.write(
      `${join(out, INDEX_FILE)} is generation ${generation} now; the one before it is ${PREVIOUS_INDEX_FILE}. ` +
        "The reports there tell of the last build, and a running server takes it up on SIGHUP.\n",
    );
    return 0;
  } catch (error) {
    process.stderr.write(`rollback-index: ${messageOf(error, out)}\n`);
    return 1;
  }
}

process.exitCode = await main();
