/** Makes the servers that show how cost grows with the work: campaigns, random places, cookies. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Cores } from "../measure/cores.js";
import { PinnedProcess } from "../measure/pinned-process.js";
import type { Server, Start } from "../measure/running-server.js";
import type { PartName, Plan } from "../plan.js";
import type { Comparison } from "../results.js";
import type { IndexTask } from "./make-index.js";

const MAKE_INDEX = join(import.meta.dirname, "make-index.js");
const COOKIES = [0, 1, 10, 50];

/** The server that all parts have in common, and the same once more: by their noise the others are judged. */
export const REFERENCE = "reference";
export const AGAIN = "reference-again";

interface Growth {
  readonly servers: readonly Server[];
  readonly comparisons: readonly Comparison[];
}

interface Surroundings {
  readonly folder: string;
  readonly cores: Cores;
  readonly billboardOn: (index: string) => Start;
  readonly signal: AbortSignal;
}

interface Wanted {
  readonly name: string;
  readonly label: string;
  readonly cookies: number;
}

export async function growthServers(
  parts: readonly PartName[],
  { campaigns, visits }: Pick<Plan, "campaigns" | "visits">,
  { folder, cores, billboardOn, signal }: Surroundings,
): Promise<Growth> {
  await mkdir(folder, { recursive: true });
  const billboards = async (what: IndexTask["what"], count: number, ...wanted: Wanted[]): Promise<Server[]> => {
    signal.throwIfAborted();
    const index = join(folder, `${wanted[0]!.name}.bin`);
    const servers = wanted.map(({ name, label }): Server => {
      return { name, label, visits: join(folder, `${name}.visits`), start: billboardOn(index) };
    });
    const files = servers.map(({ visits: file }, at) => ({ file, cookies: wanted[at]!.cookies }));
    await makeIndex({ what, index, count, visits: files }, cores, signal);
    return servers;
  };
  const label = (count: number): string => `${count.toLocaleString("en-US")} campaigns`;
  const fewest = campaigns[0]!;
  const ofCampaigns = (count: number, name: string): Promise<Server[]> =>
    billboards({ campaigns: count }, visits.many, { name, label: label(count), cookies: 1 });

  const [reference] = await ofCampaigns(fewest, REFERENCE);
  const common = [reference!, { ...reference!, name: AGAIN, label: `${label(fewest)}, again` }];
  const compared: { part: PartName; servers: readonly Server[] }[] = [];
  for (const part of parts)
    if (part === "campaigns") {
      const servers = [...common];
      for (const count of campaigns.slice(1)) servers.push(...(await ofCampaigns(count, `campaigns-${count}`)));
      compared.push({ part, servers });
    } else if (part === "random-places") {
      const of = async (places: "fixed" | "random", label: string): Promise<Server[]> =>
        billboards({ places }, visits.few, { name: `places-${places}`, label, cookies: 1 });
      const fixed = await of("fixed", "10 banners with conversions");
      compared.push({ part, servers: [...fixed, ...(await of("random", "5 random places from a pool of 10"))] });
    } else if (part === "cookies") {
      const wanted = COOKIES.map((cookies) => ({
        name: `cookies-${cookies}`,
        label: cookies === 0 ? "no cookie" : `${cookies} cookie${cookies === 1 ? "" : "s"}`,
        cookies,
      }));
      compared.push({ part, servers: await billboards({ campaigns: fewest }, visits.large, ...wanted) });
    }
  return {
    servers: [...new Set([...common, ...compared.flatMap(({ servers }) => servers)])],
    comparisons: compared.map(({ part, servers }) => ({ part, servers: servers.map(namesOf) })),
  };
}

export async function makeIndex(task: IndexTask, cores: Cores, signal: AbortSignal): Promise<void> {
  await PinnedProcess.ofTask(MAKE_INDEX, task, cores.all).finish(signal);
}

export function namesOf({ name, label }: Server): Pick<Server, "name" | "label"> {
  return { name, label };
}
