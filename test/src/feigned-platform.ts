/**
 * Imported into a program under test by NODE_OPTIONS: feigns FEIGNED_PLATFORM, and takes away what that system has not.
 * What Node.js itself does by the platform was settled before.
 */
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { Server } from "node:net";

const platform = process.env["FEIGNED_PLATFORM"]!;

/** It chooses its binary by the platform, and those of others cannot be loaded here. */
await import("fs-native-extensions").catch(() => undefined);
Object.defineProperty(process, "platform", { value: platform });

function failure(code: string, path: unknown): Error {
  return Object.assign(new Error(`${code}: not on ${platform}, '${String(path)}'`), { code });
}

const isInProc = (path: unknown): boolean => /^\/proc(\/|$)/.test(String(path));

const files = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
for (const name of ["openSync", "readFileSync", "readdirSync", "readlinkSync", "realpathSync", "statSync"]) {
  const real = files[name]!;
  files[name] = (...args) => {
    if (isInProc(args[0])) throw failure("ENOENT", args[0]);
    return real(...args);
  };
}
const { existsSync } = fs;
fs.existsSync = (path) => !isInProc(path) && existsSync(path);

const sockets = Server.prototype as unknown as Record<"listen", (...args: unknown[]) => Server>;
const { listen } = sockets;
sockets.listen = function (this: Server, ...args) {
  const { path = "", reusePort = false } = args[0] as { path?: string; reusePort?: boolean };
  // Only Linux has abstract names, and shares connections out among those who listen on a port.
  if (path.startsWith("\0") || reusePort) throw failure("EINVAL", path);
  return listen.apply(this, args);
};

if (platform === "win32") {
  const { open, rename } = promises;
  promises.open = async (path, flags, mode) => {
    const handle = await open(path, flags, mode);
    const isFlushable = flags !== undefined && flags !== "r" && !(await handle.stat()).isDirectory();
    if (!isFlushable) handle.sync = () => Promise.reject(failure("EPERM", path));
    return handle;
  };
  promises.rename = async (from, to) => {
    if (fs.statSync(to, { throwIfNoEntry: false })?.isDirectory()) throw failure("EPERM", to);
    return rename(from, to);
  };
  delete process.getuid;
}
syncBuiltinESMExports();
