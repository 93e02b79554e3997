/** Describes what surrounds the parts that the dashboard and the report share, and gives it to them with the place. */
import { createContext, type ComponentChildren, type ComponentType } from "preact";
import { useContext } from "preact/hooks";
import type { Settings } from "../src/view/page-settings.js";
import type { Campaign, Overview } from "../src/view/rows.js";
import type { Address, View } from "./address.js";
import type { Concern, Source } from "./source.js";

export interface Page {
  readonly view: View;
  readonly name: string;
  readonly Content: ComponentType;
}

export interface Shell {
  readonly source: Source;
  readonly settings: Settings;
  /** Of the part of the address that is the state. */
  readonly start: "?" | "#?";
  /** Of what the source gives, "" for none yet: all is asked for anew where this changes. */
  readonly generation: string;
  /** Whether the source cannot be asked now. */
  readonly isGone: boolean;
  readonly periods: number;
  /** The period that is on; 0 in a report. */
  readonly period: number;
  /** The most urgent first. */
  readonly useConcerns: () => readonly Concern[];
  /** Besides those that both shells have. It explains all concerns, and why there is no index yet. */
  readonly own: Page;
  /** What is shown now, and what it earns of the sums by period, once they are there. */
  readonly Now?: ComponentType<{ readonly totals?: Overview["totals"] | undefined }>;
  /** What an open campaign and period have in this shell alone. */
  readonly OfCampaign?: ComponentType<{ readonly campaign: Campaign; readonly at: number }>;
  /** At the end of the header. */
  readonly corner: ComponentChildren;
  /** Above every view. */
  readonly Notice?: ComponentType;
}

/** The shell, and where one is in it. */
export interface Surroundings extends Shell {
  readonly address: Address;
  /** The address with these changes, for a link. */
  readonly href: (change: Partial<Address>) => string;
  /** "replaceState" where one does not go back to it, as from each letter of a search. */
  readonly go: (change: Partial<Address>, how?: "pushState" | "replaceState") => void;
}

export const ShellContext = createContext<Surroundings | undefined>(undefined);

export const useShell = (): Surroundings => useContext(ShellContext)!;
