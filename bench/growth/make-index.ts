/** The program of a process that makes one index of the growth, and the visits to it: so that its memory is gone afterwards. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imageReplies } from "../../src/response/image.js";
import { Catalog } from "../../src/index/catalog.js";
import { decode, type Index } from "../../src/index/format.js";
import { campaignVisits, imageVisits, writeVisits, type Visit } from "../traffic.js";
import { indexOfCampaigns, indexOfImages, indexOfPlaces } from "./indexes.js";

export interface IndexTask {
  readonly what:
    | { readonly campaigns: number }
    | { readonly places: "fixed" | "random" }
    /** Bytes of each. */
    | { readonly images: number };
  /** The file to write. */
  readonly index: string;
  /** A folder for the images, as files. */
  readonly files?: string;
  /** How many visits there are in each file. */
  readonly count: number;
  readonly visits: readonly {
    readonly file: string;
    /** In the header of each visit; to images, none. */
    readonly cookies: number;
  }[];
}

async function make({ what, index: file, files, count, visits }: IndexTask): Promise<void> {
  const bytes = makeIndex(what);
  await writeFile(file, bytes);
  const index = decode(bytes);
  if (files !== undefined) await writeImages(index, files);
  for (const { file, cookies } of visits) await writeVisits(visitsOf(what, index, count, cookies), file);
}

function makeIndex(what: IndexTask["what"]): Uint8Array {
  if ("campaigns" in what) return indexOfCampaigns(what.campaigns);
  return "places" in what ? indexOfPlaces(what.places) : indexOfImages(what.images);
}

async function writeImages(index: Index, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const catalog = new Catalog(index);
  for (let banner = 0; banner < index.bannerIds.length; banner++)
    await writeFile(join(folder, imageReplies(catalog, banner).name), catalog.imageOf(banner));
}

function visitsOf(what: IndexTask["what"], index: Index, count: number, cookies: number): Iterable<Visit> {
  return "images" in what ? imageVisits(index, count) : campaignVisits(index, { count, cookies });
}

await make(JSON.parse(process.argv[2]!) as IndexTask);
