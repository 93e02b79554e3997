import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import t, { type Test } from "tap";
import { EACH_RULE, LARGE } from "./largest-data.js";
import { open, show, SHELLS, type ShellName } from "./shown.js";

const ROOT = join(import.meta.dirname, "../../..");

/** What a server alone has, and what a file alone has. */
const OF_SHELL: Readonly<Record<ShellName, RegExp>> = {
  live: /^ui\/(?:live\/|clock\.ts|campaign\/live-campaign\.tsx)/,
  file: /^ui\/file\//,
};

async function modulesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  return Object.keys(metafile.inputs).filter((name) => name.startsWith("ui/"));
}

await t.test("both are one program, but for what each has from its surroundings", async (t) => {
  const live = await modulesOf("ui/live/dashboard.tsx");
  const file = await modulesOf("ui/file/report.tsx");
  const shared = live.filter((name) => !OF_SHELL.live.test(name));
  t.same(shared.sort(), file.filter((name) => !OF_SHELL.file.test(name)).sort());
  t.ok(shared.length > 20, `${shared.length} modules`);
});

const shown = await show(t);
const context = await shown.newContext();

/** But for what is said of the last press. */
const textOf = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const main = document.querySelector("main").cloneNode(true);
    for (const said of main.querySelectorAll(".unseen[role=status]")) said.remove();
    return main.textContent;
  })()`);

/** Looks until the page is as it was. */
async function isAsBefore(t: Test, page: Page, before: string, what: string): Promise<void> {
  let now = "";
  for (let tries = 0; tries < 300 && now !== before; tries++) {
    await page.locator("main").waitFor();
    now = await textOf(page);
    if (now !== before) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.equal(now, before, what);
}

for (const shell of SHELLS) {
  await t.test(`${shell}: the address holds all of the state`, async (t) => {
    const { page, faults } = await open(context, shown.starts[shell], "limit=5");
    const rows = page.locator("#campaign-list tbody tr");
    await rows.first().waitFor();
    const banners = page.locator("#banners tbody tr:not(.across)");
    const filters = page.locator(".filters");
    const steps: Readonly<Record<string, () => Promise<unknown>>> = {
      beginning: () => Promise.resolve(),
      "sorted by clicks": async () => {
        await page.locator("#campaign-list .of-clicks button").click();
        await page.locator("#campaign-list .of-clicks[aria-sort]").waitFor();
      },
      "filtered by rule": async () => {
        await filters.locator("label", { hasText: "What is shown" }).getByRole("combobox").selectOption("top-x");
        await page.locator(".found > p", { hasText: " of 2," }).waitFor();
      },
      "the next page": () => page.getByRole("link", { name: "Next" }).click(),
      "a campaign": async () => {
        await rows.first().getByRole("link").first().click();
        await banners.first().waitFor();
      },
      "another period": () => page.locator('nav[aria-label^="Periods"] a').nth(2).click(),
      "its banners by clicks": async () => {
        await page.locator("#banners .of-clicks button").click();
        await page.locator("#banners .of-clicks[aria-sort]").waitFor();
      },
      changes: () => page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Changes" }).click(),
    };
    const lengthOfHistory = (): Promise<number> => page.evaluate("history.length");
    const seen: { name: string; url: string; text: string }[] = [];
    for (const [name, step] of Object.entries(steps)) {
      const before = seen.at(-1)?.url;
      const length = await lengthOfHistory();
      await step();
      if (before !== undefined) await page.waitForURL((url) => url.href !== before);
      await page.locator(".state.loading:visible").waitFor({ state: "hidden" });
      // All that comes late has come, if nothing new does.
      let text = "";
      while (text !== (text = await textOf(page)) || (await page.locator("[aria-busy=true]").count()) > 0)
        await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
      // It has taken the place of the one before.
      if ((await lengthOfHistory()) === length) seen.pop();
      seen.push({ name, url: page.url(), text });
    }
    t.ok(seen.length >= 6, seen.map(({ name }) => name).join(", "));
    t.equal(new Set(seen.map(({ url }) => url)).size, seen.length);
    for (const { name, text } of seen.slice(0, -1).reverse()) {
      await page.goBack();
      await isAsBefore(t, page, text, `back to ${name}`);
    }
    for (const { name, text } of seen.slice(1)) {
      await page.goForward();
      await isAsBefore(t, page, text, `forward to ${name}`);
      await page.reload();
      await isAsBefore(t, page, text, `${name}, loaded anew`);
    }
    t.same(seen.map(({ url }) => url).at(-1), page.url());
    t.same(faults, []);
    await page.close();
  });

  const places = [
    ["limit=10", "#campaign-list tbody tr"],
    [`campaign=${EACH_RULE}&at=4`, "#banners tbody tr"],
    ["view=changes", "#changed tbody tr"],
    { live: ["view=server", "#reloads"] as const, file: ["view=data", "#rows"] as const }[shell],
  ] as const;
  for (const [address, awaited] of places)
    await t.test(`${shell}: the keyboard reaches all, and one sees where it is: ${address}`, async (t) => {
      const { page, faults } = await open(context, shown.starts[shell], address);
      await page.locator(awaited).first().waitFor();
      const controls = await page.evaluate<number>(`(() => {
        const controls = Array.from(document.querySelectorAll(
          "a[href], button, input, select, textarea, summary, [tabindex='0']",
        )).filter((element) => element.checkVisibility());
        window.reached = new Map();
        addEventListener("focusin", ({ target }) => {
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(target);
          const isSeen = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
          window.reached.set(target, isSeen);
        });
        window.controls = controls;
        return controls.length;
      })()`);
      t.ok(controls >= 5, `${controls} controls`);
      for (let tabs = 0; tabs < controls + 2; tabs++) await page.keyboard.press("Tab");
      const nameOf = `({ localName, className, textContent }) => localName + "." + className + " " + textContent.trim()`;
      t.same(await page.evaluate(`window.controls.filter((each) => !window.reached.has(each)).map(${nameOf})`), []);
      t.same(
        await page.evaluate(
          `Array.from(window.reached).filter(([, isSeen]) => !isSeen).map(([each]) => each).map(${nameOf})`,
        ),
        [],
        "with a ring",
      );
      t.same(faults, []);
      await page.close();
    });

  await t.test(`${shell}: its policy lets nothing be asked of anybody else, and no other script run`, async (t) => {
    const { page } = await open(context, shown.starts[shell], `campaign=${LARGE}&at=1`);
    await page.locator("#banners tbody tr").first().waitFor();
    const refused = await page.evaluate<string[]>(`new Promise((resolve) => {
      const refused = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
        if (refused.push(effectiveDirective) === 4) resolve(refused.sort());
      });
      new Image().src = "http://127.0.0.1:9/";
      fetch("http://127.0.0.1:9/").catch(() => undefined);
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      document.body.setAttribute("style", "color: red");
    })`);
    t.same(refused, ["connect-src", "img-src", "script-src-elem", "style-src-attr"]);
    t.equal(await page.evaluate("window.ran"), undefined);
    await page.close();
  });
}
