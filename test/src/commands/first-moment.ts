/**
 * Imported into a server under test by NODE_OPTIONS: gives the process the signal FIRST_SIGNAL when its program asks
 * for the code that serves, so before any of that is loaded.
 */
import { register, type ResolveHook } from "node:module";
import { isMainThread } from "node:worker_threads";

// Node.js 20 does not have what is to be used in its place.
// eslint-disable-next-line @typescript-eslint/no-deprecated
if (isMainThread) register(import.meta.url);

export const resolve: ResolveHook = (specifier, context, next) => {
  if (specifier.endsWith("/commands/serve.js")) process.kill(process.pid, process.env["FIRST_SIGNAL"]);
  return next(specifier, context);
};
