/** Finds what makes a build a bad day's, which is not published. */
import { count, counted, named } from "../../src/index/wording.js";
import type { Comparison } from "../../src/view/change/comparison.js";
import type { EventSums, Outline, Unreadable } from "../../src/view/change/outline.js";
import type { FileAccount } from "../count/account.js";
import { EVENT_KINDS, KINDS } from "../read/file-name.js";
import { CHECKS, type Check, type Finding } from "./checks.js";

/** Percentages with at most three decimals: what is just as much passes. */
export const DEFAULT_LIMITS = { maxLostCells: 20, maxRejected: 1, maxOrphans: 10 } as const;
export type Limits = Readonly<Record<keyof typeof DEFAULT_LIMITS, number>>;

export interface Made {
  /** What is published, if anything is. */
  readonly before: Outline | Unreadable | undefined;
  readonly after: Outline;
  readonly difference: Comparison;
  readonly accounts: readonly FileAccount[];
  /** Where the data differ from what was expected of them. */
  readonly unexpected: readonly string[];
}

/** Several are findings of their own. */
type FindIn = (made: Made, before: Outline | undefined, limits: Limits) => string | readonly string[] | undefined;

const FIND: Readonly<Record<Check, FindIn>> = {
  periods: ({ after }, before) => {
    if (before === undefined || before.periods === after.periods) return undefined;
    return `${counted(after.periods, "period")} of the hour, and the published index has ${before.periods}`;
  },
  "empty-period": ({ after }, before) => {
    if (before?.periods !== after.periods) return undefined;
    const empty = before.events.flatMap(({ cells }, at) =>
      cells > 0 && after.events[at]!.cells === 0 ? [`period ${at + 1} (${count(cells)} published)`] : [],
    );
    return empty.length === 0 ? undefined : `no cells are left in ${named(empty)}`;
  },
  "lost-cells": ({ difference }, before, { maxLostCells }) => {
    if (before === undefined || difference.result !== "changed" || difference.cells_gone === null) return undefined;
    const all = before.events.reduce((sum, { cells }) => sum + cells, 0);
    const lost = difference.cells_gone;
    return isMore(lost, all, maxLostCells) ? share(lost, all, "published cells are gone", maxLostCells) : undefined;
  },
  rejected: ({ accounts }, _, { maxRejected }) => {
    const files = accounts.flatMap(({ file, read, rejected }) => {
      const bad = rejected.malformed + rejected.conflict;
      return isMore(bad, read, maxRejected) ? [`${file.name}: ${share(bad, read, "rows", maxRejected)}`] : [];
    });
    return files.length === 0 ? undefined : `malformed rows and conflicts in ${named(files)}`;
  },
  orphans: ({ accounts }, _, { maxOrphans }) => {
    const files = accounts.filter(({ file }) => file.kind === "conversions");
    const orphans = files.reduce((sum, { rejected }) => sum + rejected.orphan, 0);
    const all = files.reduce((sum, { used }) => sum + used, orphans);
    // Among a few conversions, a single late click is always a large share.
    if (orphans < 2 || !isMore(orphans, all, maxOrphans)) return undefined;
    return share(orphans, all, "conversions are orphans", maxOrphans);
  },
  "missing-files": (made, before) => {
    const missing = missingFiles(made, before);
    return missing.length === 0 ? undefined : `no file of ${named(missing)}`;
  },
  expected: ({ unexpected }) => unexpected,
};

const REMEDIES: Readonly<Record<Check, string>> = {
  periods: "bring the folder of each period",
  "empty-period": "bring their events",
  "lost-cells": "bring their events",
  rejected: "correct them",
  orphans: "bring the clicks that they name",
  "missing-files": "bring them, be it with nothing but a header row",
  expected: "export and copy the data anew",
};

export function refusal({ name, text }: Finding): string {
  return `${name}: ${text}: ${REMEDIES[name]}, or let it pass with --accept ${name}`;
}

/** In the order of CHECKS, those that are accepted too. */
export function findAll(made: Made, limits: Limits, accept: readonly (Check | "all")[]): Finding[] {
  const before = made.before !== undefined && "periods" in made.before ? made.before : undefined;
  return CHECKS.flatMap((name) => {
    const texts = [FIND[name](made, before, limits) ?? []].flat();
    return texts.map((text) => ({ name, text, accepted: accept.includes(name) || accept.includes("all") }));
  });
}

/** In whole numbers: `percent` has at most three decimals. */
function isMore(part: number, all: number, percent: number): boolean {
  return part * 100_000 > Math.round(percent * 1000) * all;
}

function share(part: number, all: number, what: string, percent: number): string {
  const found = ((100 * part) / all).toLocaleString("en-US", { maximumFractionDigits: 3 });
  return `${count(part)} of ${count(all)} ${what} (${found} %, at most ${percent} % pass)`;
}

/** Of each period that has events in place of statistics: the kind that the others are there of, or was before. */
function missingFiles({ accounts, after }: Made, before: Outline | undefined): string[] {
  const kindsOf = new Map<number | undefined, Set<string>>();
  for (const { file } of accounts) {
    if (!(KINDS as readonly string[]).includes(file.kind)) continue;
    kindsOf.set(file.period, (kindsOf.get(file.period) ?? new Set()).add(file.kind));
  }
  return [...kindsOf]
    .filter(([, kinds]) => !kinds.has("statistics"))
    .sort(([a = 0], [b = 0]) => a - b)
    .flatMap(([period, kinds]) => {
      const absent = EVENT_KINDS.filter((kind) => !kinds.has(kind));
      const published = (kind: keyof EventSums): number => {
        if (before?.periods !== after.periods) return 0;
        const events = period === undefined ? before.events : [before.events[period - 1]!];
        return events.reduce((sum, each) => sum + each[kind], 0);
      };
      return absent.flatMap((kind) => {
        const name = period === undefined ? kind : `${kind} in period ${period}`;
        if (published(kind) > 0) return [`${name} (${count(published(kind))} published)`];
        return absent.length === 1 ? [`${name} (the other kinds are there)`] : [];
      });
    });
}
