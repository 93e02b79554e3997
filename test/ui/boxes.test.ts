import t from "tap";
import { launchBrowser } from "../build/report/opened-page.js";
import { findingsOf } from "./axe.js";
import { faultsOfBoxes } from "./in-page.js";

const WIDTH = 400;

const browser = await launchBrowser();
t.teardown(() => browser.close());
const page = await browser.newPage({ viewport: { width: WIDTH, height: 600 } });

const faultsIn = async (body: string): Promise<string[]> => {
  await page.setContent(`<!doctype html><style>body { margin: 0; font: 16px sans-serif }</style>${body}`);
  return faultsOfBoxes(page, WIDTH);
};

const LONG = "A text that is far longer than the room it has";

const WRONG: Readonly<Record<string, readonly [body: string, fault: RegExp]>> = {
  "a page that scrolls sideways": [`<div style="width: 500px">a</div>`, /^The page scrolls sideways: 500 of 400/],
  "what is beyond the right side": [
    `<div style="overflow: clip"><p style="width: 500px">a</p></div>`,
    /Beyond the sides/,
  ],
  "what is beyond the left side": [`<p style="margin-left: -9px">a</p>`, /Beyond the sides: .*p “a”/],
  "a text that is cut off": [`<p style="width: 99px; overflow: hidden; white-space: nowrap">${LONG}</p>`, /Cut off/],
  "lines that are cut off": [`<p style="width: 99px; height: 20px; overflow: hidden">${LONG}</p>`, /Cut off/],
  "an ellipsis whose text is nowhere else": [
    `<p style="width: 99px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis" title="A">${LONG}</p>`,
    /Cut off/,
  ],
  "a box that scrolls sideways": [
    `<div style="width: 99px; overflow-x: auto; white-space: nowrap">${LONG}</div>`,
    /Scrolls sideways/,
  ],
  "a placeholder that is cut off": [`<input placeholder="${LONG}" style="width: 99px">`, /field is cut off/],
  "an option that is cut off": [
    `<select style="width: 99px; height: 30px"><option>${LONG}</option></select>`,
    /field is cut off/,
  ],
  "a number that runs into its neighbour": [
    `<table style="table-layout: fixed; width: 200px"><tr><td>1234567890123456<td>9</table>`,
    /Sticks out of its box.*\nOverlap: .*1234567890123456.* and .*9/,
  ],
  "a box that is wider than its parent": [
    `<div style="width: 99px"><div style="width: 120px">a</div></div>`,
    /Sticks out of its parent/,
  ],
  "a drawing's text beyond it": [
    `<svg width="20" height="20"><text y="15">${LONG}</text></svg>`,
    /Sticks out of its box/,
  ],
  "boxes that overlap": [
    `<p style="margin: 0">a</p><p style="margin: -4px 0 0; padding-top: 9px">b</p>`,
    /Overlap: .*a” and .*b/,
  ],
  "a text on a control": [
    `<button style="width: 90px; height: 40px">a</button><b style="position: absolute; left: 30px; top: 5px">text</b>`,
    /Overlap: .*button.* and .*text/,
  ],
  "a control that is hard to touch": [
    `<button style="height: 20px; width: 50px">a</button>`,
    /Smaller than 24 px: .*button/,
  ],
};

const RIGHT: Readonly<Record<string, string>> = {
  "an ellipsis with a title": `<p style="width: 99px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis" title="${LONG}">${LONG}</p><p>b</p>`,
  "what is for screen readers alone": `<p style="position: absolute; width: 1px; height: 1px; overflow: hidden">${LONG}</p>`,
  "what is drawn with the focus alone": `<a style="position: absolute; clip-path: inset(50%)" href="#">${LONG}</a>${LONG}`,
  "what waits above the page": `<a style="position: absolute; top: -99px" href="#">${LONG}</a>`,
  "what is closed": `<details><summary style="padding: 9px">a</summary>${LONG}<p style="width: 999px">${LONG}</p></details>b`,
  "a check box in its label": `<label style="display: block; padding: 9px"><input type="checkbox"> a</label>`,
  "a text in a button, in a table, in lines": `<table><tr><td><button style="min-height: 24px">${LONG}</button><td>${LONG}</table>`,
};

for (const [name, [body, fault]] of Object.entries(WRONG))
  await t.test(`is found: ${name}`, async (t) => {
    t.match((await faultsIn(body)).join("\n"), fault);
  });

for (const [name, body] of Object.entries(RIGHT))
  await t.test(`is well: ${name}`, async (t) => {
    t.same(await faultsIn(body), []);
  });

await t.test("axe finds what it is to find, by all rules and by some", async (t) => {
  await page.setContent(`<button></button><p style="color: silver">${LONG}</p>`);
  const { violations } = await findingsOf(page);
  t.ok(violations.includes("button-name: button"));
  t.same((await findingsOf(page, ["color-contrast"])).violations, ["color-contrast: p"]);
});
