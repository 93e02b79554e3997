/** The sample to the pictures in the README: `npm run photograph`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "../../build/stages.js";
import { runCommand } from "../../src/options/old-command.js";
import { ServerProcess } from "../soak/server-process.js";
import { PICTURES } from "./pictures.js";
import { takePictures } from "./take-pictures.js";
import { makeVisits } from "./visits.js";

const USAGE = `Usage: npm run photograph -- [options]
  --data DIR   the data folder, with its banners (data)
  --out DIR    where the pictures go (docs)
  --help       this text

Builds an index in a folder of its own, serves it on free ports, visits it for 20 s, and takes the pictures of the README in a headless
browser.
`;

/** So long the server is visited before. Milliseconds. */
const BEFORE_PICTURES = 20_000;

interface Request {
  readonly data: string;
  readonly out: string;
}

/** undefined where help is asked for. */
function readArguments(): Request | undefined {
  const { values } = parseArgs({
    options: {
      data: { type: "string", default: "data" },
      out: { type: "string", default: "docs" },
      help: { type: "boolean", default: false },
    },
  });
  return values.help ? undefined : values;
}

async function photograph({ data, out }: Request): Promise<undefined> {
  const built = mkdtempSync(join(tmpdir(), "billboard-photograph-"));
  try {
    await build({ data, banners: join(data, "banners"), out: built, onBadRow: "stop" });
    const server = await ServerProcess.start(join(built, "index.bin"));
    try {
      const end = new AbortController();
      const visits = makeVisits(server.url, end.signal);
      await sleep(BEFORE_PICTURES);
      const report = pathToFileURL(join(built, "report.html"));
      await takePictures(PICTURES, { visitors: server.url, administration: server.adminUrl, report }, out);
      end.abort();
      await visits;
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(built, { recursive: true });
  }
  process.stdout.write(PICTURES.map(({ file }) => `photograph: wrote ${join(out, file)}\n`).join(""));
}

await runCommand({
  name: "photograph",
  usage: () => USAGE,
  readArguments,
  run: photograph,
  explain: (error) => (error as Error).message.split("\n", 1)[0]!,
});
