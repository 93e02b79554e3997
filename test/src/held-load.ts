/**
 * Imported into a server under test by NODE_OPTIONS: holds whatever opens a file through `fs/promises`, as the loading
 * of an index does, until SIGUSR2, so that a test sees the server before its first index.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  const { open } = fs;
  const letGo = new Promise<void>((resolve) => process.on("SIGUSR2", resolve));
  fs.open = async (...file) => {
    await letGo;
    return open(...file);
  };
  syncBuiltinESMExports();
}
