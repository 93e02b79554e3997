/** Checks that the HTTP library's binary is one that is known, and that it loads, before a worker does so. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";

/** SHA-256 of the binaries of `uwebsockets` 3.0.6, by system, processor and version of Node.js's binary interface. */
const KNOWN: Readonly<Record<string, string>> = {
  linux_x64_115: "f4fa5d7b697529b45ac8aa3d57385d9af51bc1d2b26aa9f5b68ca4361542e665",
  linux_x64_127: "78e38a9a163b1cf33ce539619e5908111dea95a12e7943d95fbcdd524879caa8",
  linux_x64_137: "3b549c14e01d9d1faf234cdf4b6f0fb08158605e3692cd0eb1b905e327bd3449",
  linux_x64_141: "d22bae7642b872152cd0eeb682c6c2ffd186e91af8cf18cdf98be984a6549d49",
  linux_arm64_115: "034e0fcccdc08f90df3b130f421516311831b1352fe38eab91abc2984c2fdf3a",
  linux_arm64_127: "a7d9bc3ec166421a49416d5ea4f49118ae68ea1dbf8a765c4f45a79b0b6adb13",
  linux_arm64_137: "b6eb007d627e00bcce03ad38f197124e9027c03f6fe784b37f97b8a6ea709cb4",
  linux_arm64_141: "1317f2e69ea1924ee8dd94ed02a3e6beb08e55d8b06f18caeda3d67a02857aee",
  darwin_x64_115: "7552dc27e278be4a5f9ca4f571676e9046929ef8753b1bb63b84f78e1a752a11",
  darwin_x64_127: "1bcd63a9cd5cda811d899b80f9b1f7c9f29d128feafebe6976069ab1045a0335",
  darwin_x64_137: "7df6e0b2be43048200370a64ee91d6563879f5d3b0207f846dc81377ffc4e189",
  darwin_x64_141: "f490b002468feebeeedba127e20594ec75138bb7c17e9f681a652fe5d408db7d",
  darwin_arm64_115: "f6132ac4d0954ce32ed716d5b367270904c5885bc6e01dcc8ae5809a8967d504",
  darwin_arm64_127: "84ab0c487fbbb895afbfa24c7ac02db5922b2eb468b3a4663aaca52af29b420c",
  darwin_arm64_137: "dd7623e7e600dcc1384c4a639ac05849f0c27125be8c431b702e0513e86613f0",
  darwin_arm64_141: "a1c354c77958054d144a1cb1ab2b5f445e4c1454c98762eb52eef7a6cd95c0c5",
  win32_x64_115: "160eeb564c9e5887893f6b561fbcf39fecc6fbd6cacc86f461af67b3688d84fa",
  win32_x64_127: "bf190a123983621f89f8ac667c354fd95f45b9b153095bdfe1167c50d1922746",
  win32_x64_137: "ad2eff4924594a5dba3b451334f432bd526c33885960f8b68e85261b0ac4ff07",
  win32_x64_141: "057219df64d16ec607f9e36108565b6968a9812961ded928de251baa5240d150",
};

const ELSEWHERE = 'docs/deploy.md, "What the machine needs"';

/** The library is not the one that was tested. */
export class AlteredLibraryError extends Error {
  override readonly name = "AlteredLibraryError";
}

/** This machine, or this version of Node.js, cannot load it. */
export class NoLibraryError extends Error {
  override readonly name = "NoLibraryError";
}

/** `allowOther` takes any binary that loads. @throws AlteredLibraryError, NoLibraryError */
export async function checkLibrary(allowOther: boolean): Promise<void> {
  const { platform, arch, version, versions } = process;
  const name = `${platform}_${arch}_${versions.modules}`;
  const file = join(folder(), `uws_${name}.node`);
  const known = KNOWN[name];
  const bytes = known === undefined && !allowOther ? undefined : read(file);
  if (bytes === undefined)
    throw new NoLibraryError(`it has no binary for Node.js ${version} on ${platform} ${arch}: see ${ELSEWHERE}`);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (!allowOther && digest !== known)
    throw new AlteredLibraryError(
      `${file} is not the binary that this server was tested with: its SHA-256 is ${digest}, expected ${known}: ` +
        "install the packages anew with `npm ci`, or set UWS_ALLOW_OTHER=1 if it was replaced on purpose",
    );
  const reason = await loadingError(file);
  if (reason !== undefined)
    throw new NoLibraryError(`its binary for Node.js ${version} does not load here (${reason}): see ${ELSEWHERE}`);
}

/** @throws NoLibraryError */
function folder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve("uWebSockets.js"));
  } catch {
    throw new NoLibraryError("it is not installed: install the packages anew with `npm ci`");
  }
}

function read(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Tries it in a thread, as workers do: the main thread would never be rid of it. */
function loadingError(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const trial = new Worker("require(require('node:worker_threads').workerData)", { eval: true, workerData: file });
    trial.once("error", ({ message }) => {
      resolve(message.split("\n", 1)[0]);
    });
    trial.once("exit", () => {
      resolve(undefined);
    });
  });
}
