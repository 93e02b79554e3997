/** Measures each state of one shell at all widths, in both schemes, zoomed, in forced colours and without motion. */
import type { CDPSession, Page } from "playwright-core";
import t from "tap";
import { findingsOf } from "./axe.js";
import { faultsOfBoxes, faultsOfForcedColours, faultsOfMotion } from "./in-page.js";
import { open, show, type ShellName } from "./shown.js";
import { statesOf } from "./states.js";

const WIDTHS = [360, 768, 1024, 1280, 1440, 2560];
const ZOOMED = [512, 640];
const WIDTHS_FOR_AXE = [360, 1280];
/** Low, since browsers draw all of it. */
const HEIGHT = 400;
const SCHEMES = ["light", "dark"] as const;

/** Rules that a scheme may break: all else is as in the other. */
const BY_COLOUR = ["color-contrast", "link-in-text-block"];

/** A row is like the one before, and axe takes long for each. */
const LESSEN = `document.querySelectorAll("tbody tr:nth-child(n + 20)").forEach((row) => row.remove())`;

/** Each fault, with where it is found. */
async function measure(page: Page, cdp: CDPSession): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const note = (where: string, faults: readonly string[]): void => {
    for (const fault of faults) found[fault] = fault in found ? `${found[fault]!}, ${where}` : where;
  };
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      note(`${width} ${colorScheme}`, await faultsOfBoxes(page, width));
    }
    note(`forced colours, ${colorScheme}`, await faultsOfForcedColours(page));
  }
  note("reduced motion", await faultsOfMotion(page));
  // As wide as twice that: a zoom of 200 %.
  for (const width of ZOOMED) {
    const size = { width, height: HEIGHT / 2, deviceScaleFactor: 2, mobile: false };
    await cdp.send("Emulation.setDeviceMetricsOverride", size);
    note(`${2 * width} at 200 %`, await faultsOfBoxes(page, width));
  }
  await page.evaluate(LESSEN);
  for (const width of WIDTHS_FOR_AXE) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const { violations, kept } = await findingsOf(page, colorScheme === "dark" ? BY_COLOUR : undefined);
      note(`${width} ${colorScheme}`, kept === 0 ? ["nothing was judged"] : violations);
    }
  }
  return found;
}

export async function measureAll(shell: ShellName): Promise<void> {
  const shown = await show(t);
  const context = await shown.newContext();
  for (const { name, start, address, sign, prepare, act, isNoisy } of await statesOf(shown, shell))
    await t.test(`${shell}: ${name}`, async (t) => {
      const { page, faults } = await open(context, start, address, prepare);
      await act?.(page);
      await page.locator(sign).first().waitFor();
      t.same(await measure(page, await context.newCDPSession(page)), {});
      t.same(
        faults.filter((fault) => isNoisy !== true || !/^console: Failed to load resource/.test(fault)),
        [],
      );
      await page.close();
    });
}
