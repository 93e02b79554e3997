/** Writes the sample data: `npm run make-sample`. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { makeEvents } from "./events.js";
import { campaignsCsv } from "./names.js";
import { bannersCsv } from "./texts.js";

const ASSETS = join(import.meta.dirname, "../../../tools/make-sample/assets");

type File = readonly [path: string, content: string | Buffer];

function writeSample(files: readonly File[], out: string): void {
  for (const [path] of files) mkdirSync(join(out, dirname(path)), { recursive: true });
  // An image of an earlier sample would stay beside the new one of its banner, in another format.
  for (const name of readdirSync(join(out, "banners")))
    if (/^image_\d+\.(svg|png|jpg)$/.test(name)) rmSync(join(out, "banners", name));
  for (const [path, content] of files) writeFileSync(join(out, path), content);
}

await runCommand(
  command({
    name: "npm run make-sample",
    summary: "Makes the sample data.",
    options: { out: { ...FOLDER, default: "data", help: "the data folder" } },
    notes:
      "Replaces in it the event files 1/*_1.csv to 4/*_4.csv, banners/image_*, banners/banners.csv and campaigns.csv.",
    run: ({ out }) => {
      const events = makeEvents().flatMap((ofPeriod, i) =>
        Object.entries(ofPeriod).map(([kind, text]): File => [`${i + 1}/${kind}_${i + 1}.csv`, text]),
      );
      const images = readdirSync(ASSETS)
        .filter((name) => name.startsWith("image_"))
        .map((name): File => [`banners/${name}`, readFileSync(join(ASSETS, name))]);
      const tables: readonly File[] = [
        ["banners/banners.csv", bannersCsv()],
        ["campaigns.csv", campaignsCsv()],
      ];
      const files = [...events, ...images, ...tables];
      try {
        writeSample(files, out);
      } catch (error) {
        // Only here: another folder is no remedy for an error in what the sample is made from.
        throw new Error(`${(error as Error).message}: name another folder with --out`, { cause: error });
      }
      const bytes = files.reduce((sum, [, content]) => sum + Buffer.byteLength(content), 0);
      process.stdout.write(
        `make-sample: wrote ${events.length} event files, ${images.length} images, their texts and names of campaigns, ${bytes} bytes, into ${out}\n`,
      );
      return 0;
    },
  }),
);
