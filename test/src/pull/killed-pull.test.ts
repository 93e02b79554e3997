import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { publicKeyOf } from "../../../src/pull/signature.js";
import { loadTrusted } from "../../../src/pull/trust.js";
import { generationOf, FIRST, SECOND } from "../published.js";
import { digestOf, newKeys } from "./pulling-server.js";

const MODULE = pathToFileURL(join(import.meta.dirname, "../../../src/pull/put-in-place.js")).href;

/** A process that puts SECOND in place, and is gone before the call of this number that changes the folder. */
const programOf = (folder: string, signature: string, last: number): string => `
  import fs from "node:fs";
  import promises from "node:fs/promises";
  import { syncBuiltinESMExports } from "node:module";
  let calls = 0;
  const counted = (module, name) => {
    const real = module[name];
    module[name] = (...args) => {
      if (++calls === ${last}) process.kill(process.pid, "SIGKILL");
      return real(...args);
    };
  };
  for (const name of ["renameSync", "writeFileSync", "rmSync"]) counted(fs, name);
  for (const name of ["rename", "link", "rm"]) counted(promises, name);
  syncBuiltinESMExports();
  const { putInPlace } = await import(${JSON.stringify(MODULE)});
  const arrived = { path: ${JSON.stringify(join(folder, "arrived"))}, digest: "${digestOf(SECOND)}", signature: ${JSON.stringify(signature)} };
  const before = { signature: { text: fs.readFileSync(${JSON.stringify(join(folder, "index.bin.sig"))}, "utf8") } };
  await putInPlace(arrived, ${JSON.stringify(join(folder, "index.bin"))}, before);`;

await t.test(
  "wherever a pull is killed while it puts an index in place, one with its signature is there",
  async (t) => {
    const keys = newKeys();
    const trust = { key: publicKeyOf(keys.publicKey), allowOlder: false };
    const start = t.testdir({
      start: { "index.bin": Buffer.from(FIRST), arrived: Buffer.from(SECOND), "index.bin.sig": keys.sign(FIRST, 1) },
    });
    const seen: string[] = [];
    for (let last = 1; ; last++) {
      const folder = join(start, String(last));
      cpSync(join(start, "start"), folder, { recursive: true });
      const program = programOf(folder, keys.sign(SECOND, 2), last);
      const { signal, status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program]);
      const file = join(folder, "index.bin");
      const { index } = await loadTrusted(file, trust);
      seen.push(index.generation);
      if (existsSync(join(folder, "index.previous.bin"))) {
        t.same(readFileSync(join(folder, "index.previous.bin")), Buffer.from(FIRST), `call ${last}`);
        // As a rollback would have it.
        if (index.generation === generationOf(SECOND)) {
          writeFileSync(file, FIRST);
          t.equal((await loadTrusted(file, trust)).index.generation, generationOf(FIRST), `call ${last}`);
        }
      }
      if (signal === null) {
        t.equal(status, 0, String(stderr));
        break;
      }
    }
    t.ok(seen.length > 6, `${seen.length} calls`);
    const cut = seen.indexOf(generationOf(SECOND));
    t.ok(cut > 0 && cut < seen.length - 1, "some leave the old one, and some the new one before all is done");
    t.same(new Set(seen.slice(0, cut)), new Set([generationOf(FIRST)]));
    t.same(new Set(seen.slice(cut)), new Set([generationOf(SECOND)]));
  },
);
