/** The four rules in words: when each applies and what it takes. */
import { element } from "./element.js";

export interface RuleWording {
  /** The X it applies to. */
  readonly when: string;
  readonly takes: string;
}

/** By the rule's name. */
export const RULE_WORDINGS: Readonly<Record<string, RuleWording>> = {
  "top-10": { when: "X is 10 or more", takes: "the 10 banners with the most revenue" },
  "top-x": { when: "X is 5 to 9", takes: "the X banners that have conversions" },
  "fill-by-clicks": {
    when: "X is 1 to 4",
    takes: "the X banners that have conversions, then the most clicked others, to make 5",
  },
  "by-clicks": { when: "X is 0", takes: "the 5 most clicked banners" },
};

/** A rule's mark has a shape of its own besides its colour. */
export function ruleMark(rule: string): HTMLElement {
  return element("span", { class: `mark ${rule}`, "aria-hidden": "true" });
}
