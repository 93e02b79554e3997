/** A folder with an index, and a file of the token. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { FIRST, publish } from "../published.js";

export const TOKEN = "a-token-of-the-tests";

export interface TokenFolder {
  readonly dir: string;
  readonly index: string;
  readonly tokenFile: string;
}

/** Its name is short, as that of a socket must be. */
export function tokenFolder(t: Pick<Test, "teardown">): TokenFolder {
  const dir = mkdtempSync(join(tmpdir(), "billboard-"));
  t.teardown(() => {
    rmSync(dir, { recursive: true });
  });
  const [index, tokenFile] = [join(dir, "index.bin"), join(dir, "token")];
  writeFileSync(tokenFile, `${TOKEN}\n`);
  chmodSync(tokenFile, 0o600);
  publish(index, FIRST);
  return { dir, index, tokenFile };
}
