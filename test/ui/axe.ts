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

/** By these rules; by default by all, also those that axe has off unasked, but for the contrast of level AAA. */
export async function findingsOf(page: Page, only?: readonly string[]): Promise<Findings> {
  // The debugger's protocol evaluates it, to which the page's own Content-Security-Policy does not apply.
  if (await page.evaluate("globalThis.axe === undefined")) await page.evaluate(axe.source);
  const { violations, incomplete, passes } = await page.evaluate<axe.AxeResults>(`axe.run(document, {
    // Of what is as it should be, there is much.
    resultTypes: ["violations", "incomplete"],
    rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [
      ruleId,
      { enabled: ${JSON.stringify(only ?? null)}?.includes(ruleId) ?? ruleId !== "color-contrast-enhanced" },
    ])),
  })`);
  const told = (results: readonly axe.Result[]): string[] =>
    results.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
  return { violations: told(violations), unjudged: told(incomplete), kept: passes.length };
}
