/**
 * What axe-core finds in an open page: the rules of accessibility that it breaks, and those that axe cannot judge in
 * it.
 */
import axe from "axe-core";
import type { Page } from "playwright-core";

export interface Findings {
  /** Each with its rule and the element. */
  readonly violations: readonly string[];
  /** The same, where a person has to look. */
  readonly unjudged: readonly string[];
  /** How many rules the page keeps. */
  readonly kept: number;
}

/**
 * By every rule that axe has, also those that it has off unasked, but for the contrast of level AAA: that of level AA
 * is kept.
 */
export async function findingsOf(page: Page): Promise<Findings> {
  // The debugger's protocol evaluates it, to which the page's own Content-Security-Policy does not apply.
  await page.evaluate(axe.source);
  const { violations, incomplete, passes } = await page.evaluate<axe.AxeResults>(`axe.run(document, {
    rules: Object.fromEntries(
      axe.getRules().map(({ ruleId }) => [ruleId, { enabled: ruleId !== "color-contrast-enhanced" }]),
    ),
  })`);
  const told = (results: readonly axe.Result[]): string[] =>
    results.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
  return { violations: told(violations), unjudged: told(incomplete), kept: passes.length };
}
