import t from "tap";
import { open, show, SHELLS } from "./shown.js";

const shown = await show(t);
const context = await shown.newContext();

for (const shell of SHELLS)
  await t.test(`${shell}: what each period earns is a table where its numbers fit, and cards where not`, async (t) => {
    const { page } = await open(context, shown.starts[shell], "limit=1");
    const head = page.locator("#totals thead");
    await head.waitFor({ state: "attached" });
    for (const [width, isTable] of [
      [1440, true],
      [1024, true],
      [360, false],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      t.equal(await head.isVisible(), isTable, `${width} pixels`);
    }
    await page.close();
  });
