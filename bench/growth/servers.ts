/** Makes the servers that show how cost grows with the work: campaigns, random places, cookies. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { billboardOn } from "../contenders/contender.js";
import type { Cores } from "../measure/cores.js";
import { PinnedProcess } from "../measure/pinned-process.js";
import type { Server } from "../measure/running-server.js";
import type { PartName, Plan } from "../plan.js";
import { comparisonOf, type Comparison } from "../results.js";
import type { IndexTask } from "./make-index.js";

const MAKE_INDEX = join(import.meta.dirname, "make-index.js");
const COOKIES = [0, 1, 10, 50];

export const REFERENCE = "reference";
export const AGAIN = "reference-again";

type Make = () => Promise<Server>;

export async function growthServers(
  parts: readonly PartName[],
  { campaigns: [fewest = NaN, ...more], visits }: Pick<Plan, "campaigns" | "visits">,
  { folder, cores, signal }: { readonly folder: string; readonly cores: Cores; readonly signal: AbortSignal },
): Promise<{ readonly servers: readonly Server[]; readonly comparisons: readonly Comparison[] }> {
  await mkdir(folder, { recursive: true });
  const billboard =
    (name: string, label: string, what: IndexTask["what"], count: number, cookies = 1): Make =>
    async () => {
      signal.throwIfAborted();
      const files = { index: join(folder, `${name}.bin`), visits: join(folder, `${name}.visits`) };
      await makeIndex({ ...files, what, count, cookies }, cores, signal);
      return { name, label, visits: files.visits, start: billboardOn(files.index) };
    };
  const ofCampaigns = (name: string, campaigns: number): Make =>
    billboard(name, `${campaigns.toLocaleString("en-US")} campaigns`, { campaigns }, visits.many);
  const reference = await ofCampaigns(REFERENCE, fewest)();
  const common = [reference, { ...reference, name: AGAIN, label: `${reference.label}, again` }];
  const makersOf: Readonly<Partial<Record<PartName, readonly Make[]>>> = {
    campaigns: [
      ...common.map((made) => () => Promise.resolve(made)),
      ...more.map((count) => ofCampaigns(`campaigns-${count}`, count)),
    ],
    "random-places": [
      billboard("places-fixed", "10 banners with conversions", { places: "fixed" }, visits.few),
      billboard("places-random", "5 random places from a pool of 10", { places: "random" }, visits.few),
    ],
    cookies: COOKIES.map((cookies) => {
      const label = cookies === 0 ? "no cookie" : `${cookies} cookie${cookies === 1 ? "" : "s"}`;
      return billboard(`cookies-${cookies}`, label, { campaigns: fewest }, visits.large, cookies);
    }),
  };
  const servers = new Set<Server>(common);
  const comparisons: Comparison[] = [];
  for (const part of parts) {
    const makers = makersOf[part];
    if (makers === undefined) continue;
    const compared: Server[] = [];
    for (const make of makers) compared.push(await make());
    for (const server of compared) servers.add(server);
    comparisons.push(comparisonOf(part, compared));
  }
  return { servers: [...servers], comparisons };
}

export async function makeIndex(task: IndexTask, cores: Cores, signal: AbortSignal): Promise<void> {
  await PinnedProcess.ofTask(MAKE_INDEX, task, cores.all).finish(signal);
}
