/** Makes an index and visits to it, in a process of its own: so that its memory is gone afterwards. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compile } from "../../build/compile.js";
import { decode, type Index } from "../../src/index/format.js";
import { Catalog } from "../../src/index/catalog.js";
import { imagePaths } from "../contenders/page.js";
import { campaignVisits, imageVisits, writeVisits } from "../measure/traffic.js";
import { countsOfCampaigns, countsOfImages, countsOfPlaces, pngImages } from "./events.js";

export interface IndexTask {
  readonly what:
    | { readonly campaigns: number }
    | { readonly places: "fixed" | "random" }
    /** Bytes of each; as files too, in the folder, at the paths of their addresses. */
    | { readonly images: number; readonly folder: string };
  /** The files to write: the index, and one that differs from it in one view of one banner. */
  readonly index: string;
  readonly successor?: string;
  /** How many visits there are in each file. */
  readonly count: number;
  readonly visits: readonly {
    readonly file: string;
    /** In the header of each visit; to images, none. */
    readonly cookies: number;
  }[];
}

async function make({ what, index: file, successor, count, visits }: IndexTask): Promise<void> {
  const counts =
    "campaigns" in what ? countsOfCampaigns(what) : "places" in what ? countsOfPlaces(what.places) : countsOfImages();
  const images = "images" in what ? pngImages(what.images) : new Map<number, never>();
  const { bytes } = compile(counts, images);
  await writeFile(file, bytes);
  const index = decode(bytes);
  if ("images" in what) await writeImages(index, what.folder);
  for (const { file, cookies } of visits)
    await writeVisits("images" in what ? imageVisits(index, count) : campaignVisits(index, { count, cookies }), file);
  if (successor === undefined) return;
  counts.addImpression(0);
  await writeFile(successor, compile(counts, images).bytes);
}

async function writeImages(index: Index, folder: string): Promise<void> {
  const catalog = new Catalog(index);
  for (const [banner, path] of imagePaths(index).entries()) {
    const file = join(folder, path.split("?", 1)[0]!);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, catalog.imageOf(banner));
  }
}

await make(JSON.parse(process.argv[2]!) as IndexTask);
