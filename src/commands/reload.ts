/** `npm run reload`: has the running server take up the index on disk, and says what came of it. */
import { parseArgs } from "node:util";
import { runCommand } from "../options/old-command.js";
import { readConfig } from "../config.js";
import type { ReloadResult } from "../index/reload.js";
import { urlOf } from "./url.js";

const USAGE = `Usage: npm run reload
  --help   this text

The server's administration port is the one that ADMIN_HOST and ADMIN_PORT name.
Exit code: 0 where the index on disk is served now, 1 where it was refused or no server answers.
`;

/** The address of the reload; undefined where help is asked for. */
function readArguments(): string | undefined {
  const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
  const { ADMIN_HOST, ADMIN_PORT } = readConfig();
  return values.help ? undefined : `${urlOf(ADMIN_HOST, ADMIN_PORT)}/reload`;
}

async function reload(address: string): Promise<number> {
  const response = await fetch(address, { method: "POST" });
  const text = (await response.text()).trim();
  if (response.status !== 200 && response.status !== 409) throw new Error(`${address}: ${response.status}: ${text}`);
  const { result, generation, previous, reason } = JSON.parse(text) as ReloadResult;
  if (result === "refused")
    throw new Error(`the index on disk was refused: ${reason!}; generation ${generation} is served on`);
  process.stdout.write(
    result === "replaced"
      ? `Billboard: generation ${generation} is served now, in place of ${previous}.\n`
      : `Billboard: generation ${generation} is on disk and is served already.\n`,
  );
  return 0;
}

/** `fetch` hides in the cause why it got no answer. */
function explain(error: unknown, address: string): string {
  const { message, cause } = error as Error;
  return error instanceof TypeError
    ? `${address}: no server answers (${(cause as Error).message}): start one, or set ADMIN_HOST and ADMIN_PORT as it has them`
    : message;
}

await runCommand({ name: "reload", usage: () => USAGE, readArguments, run: reload, explain });
