/** Writes the sample data: `npm run make-sample`. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { makeEvents } from "./events.js";
import { bannersCsv } from "./texts.js";

/** Seen from dist/tools/make-sample/. Its README says how the images were made. */
const ASSETS = join(import.meta.dirname, "../../../tools/make-sample/assets");

/** By the path in the data folder. */
type Files = Readonly<Record<string, string | Buffer>>;

function eventFiles(): Files {
  const periods = makeEvents().map((events, i) =>
    Object.entries(events).map(([kind, content]) => [`${i + 1}/${kind}_${i + 1}.csv`, content]),
  );
  return Object.fromEntries(periods.flat()) as Files;
}

function imageFiles(): Files {
  const images = readdirSync(ASSETS).filter((name) => name.startsWith("image_"));
  return Object.fromEntries(images.map((name) => [`banners/${name}`, readFileSync(join(ASSETS, name))]));
}

function writeSample(files: Files, out: string): void {
  for (const path of Object.keys(files)) mkdirSync(join(out, dirname(path)), { recursive: true });
  // An image of an earlier sample would stand beside the new one of its banner, in another format.
  for (const name of readdirSync(join(out, "banners")))
    if (/^image_\d+\.(svg|png|jpg)$/.test(name)) rmSync(join(out, "banners", name));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(out, path), content);
}

await runCommand(
  command({
    name: "npm run make-sample",
    summary: "Makes the sample data.",
    options: { out: { ...FOLDER, default: "data", help: "the data folder" } },
    notes: "Replaces in it the event files 1/*_1.csv to 4/*_4.csv, banners/image_* and banners/banners.csv.",
    run: ({ out }) => {
      const events = eventFiles();
      const images = imageFiles();
      const files = { ...events, ...images, "banners/banners.csv": bannersCsv() };
      try {
        writeSample(files, out);
      } catch (error) {
        // Only here: another folder is no remedy for an error in what the sample is made from.
        throw new Error(`${(error as Error).message}: name another folder with --out`, { cause: error });
      }
      const bytes = Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
      const [eventCount, imageCount] = [Object.keys(events).length, Object.keys(images).length];
      process.stdout.write(
        `make-sample: wrote ${eventCount} event files, ${imageCount} images and their texts, ${bytes} bytes, into ${out}\n`,
      );
      return 0;
    },
  }),
);
