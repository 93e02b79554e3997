/** Writes the sample data: `npm run make-sample`. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { makeEvents } from "./events.js";
import { bannersCsv } from "./texts.js";

/** Seen from dist/tools/make-sample/. Its README says how the images were made. */
const ASSETS = join(import.meta.dirname, "../../../tools/make-sample/assets");

interface SampleFile {
  readonly folder: string;
  readonly name: string;
  readonly content: string | Buffer;
}

function eventFiles(): SampleFile[] {
  return makeEvents().flatMap((events, i) =>
    Object.entries(events).map(([kind, content]) => ({ folder: `${i + 1}`, name: `${kind}_${i + 1}.csv`, content })),
  );
}

function imageFiles(): SampleFile[] {
  const images = readdirSync(ASSETS).filter((name) => name.startsWith("image_"));
  return images.map((name) => ({ folder: "banners", name, content: readFileSync(join(ASSETS, name)) }));
}

/** An image of an earlier sample would stand beside the new one of its banner, in another format. */
function removeImages(folder: string): void {
  for (const name of readdirSync(folder)) if (/^image_\d+\.(svg|png|jpg)$/.test(name)) rmSync(join(folder, name));
}

function writeSample(files: readonly SampleFile[], out: string): void {
  for (const folder of new Set(files.map((file) => file.folder))) mkdirSync(join(out, folder), { recursive: true });
  removeImages(join(out, "banners"));
  for (const { folder, name, content } of files) writeFileSync(join(out, folder, name), content);
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
      const files = [...events, ...images, { folder: "banners", name: "banners.csv", content: bannersCsv() }];
      try {
        writeSample(files, out);
      } catch (error) {
        // Only here: another folder is no remedy for an error in what the sample is made from.
        throw new Error(`${(error as Error).message}: name another folder with --out`, { cause: error });
      }
      const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
      process.stdout.write(
        `make-sample: wrote ${events.length} event files, ${images.length} images and their texts, ${bytes} bytes, into ${out}\n`,
      );
      return 0;
    },
  }),
);
