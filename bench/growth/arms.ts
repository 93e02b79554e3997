/** The parts of the benchmark that show how cost grows with the work to their arms, with indexes and visits of their own. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { BANNER_PATH } from "../../src/response/image.js";
import type { Arm } from "../arm.js";
import type { Contender } from "../contenders/contender.js";
import type { Cores } from "../cores.js";
import { PinnedProcess } from "../pinned-process.js";
import type { PartName, Plan } from "../plan.js";
import type { Comparison } from "../results.js";
import type { IndexTask } from "./make-index.js";
import { nginxImages } from "./nginx-images.js";

const MAKE_INDEX = join(import.meta.dirname, "make-index.js");
/** In the header of a request. */
const COOKIES = [0, 1, 10, 50];
/** Bytes of an image. */
const IMAGES = [6_000, 200_000];

/** The arm that all parts have in common, and the same once more: by their noise the others are judged. */
export const REFERENCE = "reference";
export const AGAIN = "reference-again";

export interface Growth {
  readonly arms: readonly Arm[];
  readonly comparisons: readonly Comparison[];
}

export interface Surroundings {
  /** For indexes and visits. */
  readonly folder: string;
  readonly cores: Cores;
  /** How a Billboard is started that serves an index. */
  readonly billboard: (index: string) => Contender["start"];
  /** Without it there is nothing to hold images against. */
  readonly hasNginx: boolean;
  readonly signal: AbortSignal;
}

type Compared = Comparison & { readonly added: readonly Arm[] };

function told(part: PartName, added: readonly Arm[]): Compared {
  return { part, arms: added.map(({ name, label }) => ({ name, label })), added };
}

/** Makes what the parts need. @throws Error where an index cannot be made, or the reason of `signal` */
export async function growthArms(
  parts: readonly PartName[],
  plan: Pick<Plan, "campaigns" | "visits">,
  surroundings: Surroundings,
): Promise<Growth> {
  await mkdir(surroundings.folder, { recursive: true });
  const maker = new Maker(plan, surroundings);
  const [fewest = 1] = plan.campaigns;
  const label = labelOfCampaigns(fewest);
  const [made] = await maker.billboards({ campaigns: fewest }, "many", [{ name: REFERENCE, label, cookies: 1 }]);
  const reference = made!;
  const again = { ...reference, name: AGAIN, label: `${label}, again` };
  const compared: Compared[] = [];
  for (const part of parts)
    if (part === "campaigns") compared.push(await compareCampaigns(maker, plan, [reference, again]));
    else if (part === "random-places") compared.push(await comparePlaces(maker));
    else if (part === "cookies") compared.push(await compareCookies(maker, fewest));
    else if (part === "images") compared.push(...(await compareImages(maker, surroundings)));
  const added = [reference, again, ...compared.flatMap(({ added }) => added)];
  return {
    arms: added.filter(({ name }, at) => added.findIndex((arm) => arm.name === name) === at),
    comparisons: compared.map(({ part, arms }) => ({ part, arms })),
  };
}

async function compareCookies(maker: Maker, campaigns: number): Promise<Compared> {
  const wanted = COOKIES.map((cookies) => ({ name: `cookies-${cookies}`, label: labelOfCookies(cookies), cookies }));
  return told("cookies", await maker.billboards({ campaigns }, "large", wanted));
}

async function compareCampaigns(
  maker: Maker,
  plan: Pick<Plan, "campaigns">,
  fewest: readonly Arm[],
): Promise<Compared> {
  const added = [...fewest];
  for (const campaigns of plan.campaigns.slice(1))
    added.push(
      ...(await maker.billboards({ campaigns }, "many", [
        { name: `campaigns-${campaigns}`, label: labelOfCampaigns(campaigns), cookies: 1 },
      ])),
    );
  return told("campaigns", added);
}

async function comparePlaces(maker: Maker): Promise<Compared> {
  const added = [
    ...(await maker.billboards({ places: "fixed" }, "few", [
      { name: "places-fixed", label: "10 banners with conversions", cookies: 1 },
    ])),
    ...(await maker.billboards({ places: "random" }, "few", [
      { name: "places-random", label: "5 random places from a pool of 10", cookies: 1 },
    ])),
  ];
  return told("random-places", added);
}

async function compareImages(maker: Maker, { hasNginx, cores, folder }: Surroundings): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const images of IMAGES) {
    const size = `${images / 1000} kB`;
    const [billboard] = await maker.billboards({ images }, "few", [
      { name: `images-${images}`, label: `Billboard, images of ${size}`, cookies: 0 },
    ]);
    const added = [billboard!];
    if (hasNginx)
      added.push({
        name: `images-${images}-nginx`,
        label: `nginx, images of ${size}`,
        visits: billboard!.visits,
        cores: [cores.serving],
        answersAs: billboard!.name,
        start: nginxImages(join(folder, filesOf({ images })), images),
      });
    compared.push(told("images", added));
  }
  return compared;
}

interface WantedArm {
  readonly name: string;
  readonly label: string;
  readonly cookies: number;
}

type Visits = keyof Plan["visits"];

/** Makes indexes, one after the other, each in a process that may use all cores. */
class Maker {
  constructor(
    readonly plan: Pick<Plan, "visits">,
    readonly surroundings: Surroundings,
  ) {}

  /** Servers of one index, each with visits of its own. */
  async billboards(what: IndexTask["what"], visits: Visits, wanted: readonly WantedArm[]): Promise<Arm[]> {
    const { folder, cores, billboard, signal } = this.surroundings;
    signal.throwIfAborted();
    const index = join(folder, `${wanted[0]!.name}.bin`);
    const visitsOf = ({ name }: WantedArm): string => join(folder, `${name}.visits`);
    const task: IndexTask = {
      what,
      index,
      count: this.plan.visits[visits],
      visits: wanted.map((arm) => ({ file: visitsOf(arm), cookies: arm.cookies })),
      ...("images" in what && { files: join(folder, filesOf(what), BANNER_PATH) }),
    };
    const child = new PinnedProcess({ command: process.execPath, args: [MAKE_INDEX, JSON.stringify(task)] }, cores.all);
    const kill = (): void => void child.stop("SIGKILL");
    signal.addEventListener("abort", kill);
    await child.finish().finally(() => {
      signal.removeEventListener("abort", kill);
      signal.throwIfAborted();
    });
    return wanted.map((arm) => ({
      name: arm.name,
      label: arm.label,
      visits: visitsOf(arm),
      cores: [cores.serving],
      start: billboard(index),
    }));
  }
}

function filesOf(what: IndexTask["what"]): string {
  return Object.entries(what).flat().join("-");
}

function labelOfCampaigns(campaigns: number): string {
  return `${campaigns.toLocaleString("en-US")} campaigns`;
}

function labelOfCookies(count: number): string {
  if (count === 0) return "no cookie";
  return count === 1 ? "1 cookie" : `${count} cookies`;
}
