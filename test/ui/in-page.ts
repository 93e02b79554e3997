/** Runs in a page what is written for pages. */
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Page } from "playwright-core";

const ROOT = join(import.meta.dirname, "../../..");

/** Bundled once; a function of its own, so that pages keep no trace of it. */
function expressionOf(name: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, `test/ui/page/${name}.ts`)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "inPage",
    target: "es2022",
  });
  return `(() => { ${outputFiles[0]!.text}; return inPage; })()`;
}

const BOXES = expressionOf("boxes");
const MARKS = expressionOf("marks");

/** What is wrong with the boxes of a page that is as wide, as it is now. */
export function faultsOfBoxes(page: Page, width: number): Promise<string[]> {
  return page.evaluate<string[]>(`${BOXES}.faultsOfBoxes(${width})`);
}

/** What nothing but its colour tells, where the system's are forced. */
export async function faultsOfForcedColours(page: Page): Promise<string[]> {
  await page.evaluate(`${MARKS}.noteColoured()`);
  await page.emulateMedia({ forcedColors: "active" });
  const faults = await page.evaluate<string[]>(`${MARKS}.faultsOfForcedColours()`);
  await page.emulateMedia({ forcedColors: "none" });
  return faults;
}

/** What moves, or would, where motion is to be reduced. */
export async function faultsOfMotion(page: Page): Promise<string[]> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const faults = await page.evaluate<string[]>(`${MARKS}.faultsOfMotion()`);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  return faults;
}
