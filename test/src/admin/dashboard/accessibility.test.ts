import t from "tap";
import { Router } from "../../../../src/response/router.js";
import { launchBrowser } from "../../../build/report/opened-page.js";
import { SETTINGS } from "../../response/response-settings.js";
import { findingsOf } from "./axe.js";
import { openPublicPort } from "../../server/public-port.js";
import { inEveryPeriod, smallCatalog } from "../../small-index.js";

const browser = await launchBrowser();
t.teardown(() => browser.close());

const TEXTS = new Map([[8, { alt: "Summer sale", link: "https://www.example.com/" }]]);
const CELLS = [7, 8].flatMap((banner) => inEveryPeriod({ campaign: banner, converting: [banner] }));

for (const colorScheme of ["light", "dark"] as const) {
  await t.test(`axe finds nothing on the pages for visitors, ${colorScheme}`, async (t) => {
    const port = await openPublicPort(t, new Router(smallCatalog(CELLS, 4, new Map(), TEXTS), SETTINGS));
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    for (const path of ["/", "/campaigns/7/", "/campaigns/8/"]) {
      await page.goto(`http://127.0.0.1:${port}${path}`);
      const { violations, unjudged, kept } = await findingsOf(page);
      t.same([violations, unjudged], [[], []], path);
      t.ok(kept > 10, `${kept} rules`);
    }
    await page.evaluate("document.images[0].removeAttribute('alt')");
    const { violations } = await findingsOf(page);
    t.same(violations, ["empty-heading: h1", "image-alt: img", "link-name: a"], "and would find something");
    await context.close();
  });
}
