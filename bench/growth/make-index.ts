/** Makes an index and visits to it, in a process of its own: so that its memory is gone afterwards. */
import { writeFile } from "node:fs/promises";
import { compile } from "../../build/compile.js";
import { decode } from "../../src/index/format.js";
import { inPieces } from "../../src/index/pieces.js";
import { campaignVisits, writeVisits } from "../measure/traffic.js";
import { countsOfCampaigns, countsOfPlaces } from "./events.js";

export interface IndexTask {
  readonly what: { readonly campaigns: number } | { readonly places: "fixed" | "random" };
  readonly index: string;
  readonly visits: string;
  readonly successor?: string;
  readonly count: number;
  readonly cookies: number;
}

const { what, index, visits, successor, count, cookies } = JSON.parse(process.argv[2]!) as IndexTask;
const counts = "campaigns" in what ? countsOfCampaigns(what.campaigns) : countsOfPlaces(what.places);
const { parts } = compile(counts, new Map());
await writeFile(index, inPieces(parts));
await writeVisits(campaignVisits(decode(parts), { count, cookies }), visits);
if (successor !== undefined) {
  counts.addImpression(0);
  await writeFile(successor, inPieces(compile(counts, new Map()).parts));
}
