/** Bounds what the report page names, since in the data lists and names may be of any length. */
import { printable } from "../../src/options/printable.js";
import type { PageNames } from "./page-data.js";

const MAX_NAMED = 20;
const MAX_NAME_LENGTH = 200;

/** A clip may cut a character in two, so that what is invisible is escaped after it. */
export function clipped(name: string, maxLength = MAX_NAME_LENGTH): string {
  return printable(name.length > maxLength ? `${name.slice(0, maxLength)}…` : name);
}

export function named<Item>(items: readonly Item[], nameOf = (item: Item): string => clipped(String(item))): PageNames {
  return { count: items.length, first: items.slice(0, MAX_NAMED).map(nameOf) };
}

/** Of two names in one. */
export const half = (name: string): string => clipped(name, MAX_NAME_LENGTH / 2);
