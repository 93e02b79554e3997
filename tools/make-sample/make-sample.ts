/** `npm run make-sample`: arguments, the sample written, one summary, the exit code. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../../src/options/old-command.js";
import { BANNERS_WITH_IMAGE } from "./banners.js";
import { drawBanner } from "./draw-banner.js";
import { makeEvents } from "./events.js";
import { bannersCsv } from "./texts.js";

const USAGE = `Usage: npm run make-sample -- [options]
  --out DIR    the data folder (data): its event files 1/*_1.csv to 4/*_4.csv, banners/image_* and banners/banners.csv are replaced
  --help       this text
`;

/** Seen from dist/tools/make-sample/. Its README says how the images were made. */
const ASSETS = join(import.meta.dirname, "../../../tools/make-sample/assets");

interface SampleFile {
  /** Below the data folder. */
  readonly folder: string;
  readonly name: string;
  readonly content: string | Buffer;
}

/** The three files of each period, in order. */
function eventFiles(): SampleFile[] {
  return makeEvents().flatMap((events, i) =>
    Object.entries(events).map(([kind, content]) => ({ folder: `${i + 1}`, name: `${kind}_${i + 1}.csv`, content })),
  );
}

/** One image a banner: that of the assets where there is one, a drawn one otherwise. */
function imageFiles(): SampleFile[] {
  const assets = readdirSync(ASSETS);
  return BANNERS_WITH_IMAGE.map((banner) => {
    const asset = assets.find((name) => name.startsWith(`image_${banner}.`));
    return asset === undefined
      ? { folder: "banners", name: `image_${banner}.svg`, content: drawBanner(banner) }
      : { folder: "banners", name: asset, content: readFileSync(join(ASSETS, asset)) };
  });
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

/** The folder; undefined where help is asked for. */
function readArguments(): string | undefined {
  const { values } = parseArgs({
    options: { out: { type: "string", default: "data" }, help: { type: "boolean", default: false } },
  });
  return values.help ? undefined : values.out;
}

function makeSample(out: string): undefined {
  const events = eventFiles();
  const images = imageFiles();
  const texts = { folder: "banners", name: "banners.csv", content: bannersCsv() };
  const files = [...events, ...images, texts];
  try {
    writeSample(files, out);
  } catch (error) {
    // Only here: another folder is no remedy for a fault in what the sample is made from.
    throw new Error(`${(error as Error).message}: name another folder with --out`, { cause: error });
  }
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  process.stdout.write(
    `make-sample: wrote ${events.length} event files, ${images.length} images and their texts, ${bytes} bytes, into ${out}\n`,
  );
}

await runCommand({
  name: "make-sample",
  usage: () => USAGE,
  readArguments,
  run: makeSample,
  explain: (error) => (error as Error).message,
});
