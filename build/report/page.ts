/** Makes the report page: the interface in one HTML file, with its data, which opens from disk without a network. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../../src/index/catalog.js";
import type { IndexChange } from "../../src/view/change/index-change.js";
import { overviewOf } from "../../src/view/overview.js";
import type { Settings } from "../../src/view/page-settings.js";
import { generationMark } from "../../src/view/report-file.js";
import { Rest } from "../../src/view/rest.js";
import { accountOf } from "./account.js";
import type { PageData } from "./page-data.js";
import type { BuildReport } from "./report.js";
import { selectCampaigns } from "./selection.js";

export interface PageOptions {
  /** To the index before. */
  readonly change: IndexChange;
  /** ISO 4217; none by default. */
  readonly currency?: string | undefined;
}

export async function reportPage(
  report: BuildReport,
  catalog: Catalog,
  { change, currency }: PageOptions,
): Promise<string> {
  const { campaigns, banners, changed, images, leftOut } = selectCampaigns(catalog, change);
  const style = readBundled("style.css");
  const script = readBundled("report.js");
  const data: PageData = {
    banners,
    changed,
    overview: await overviewOf(catalog, new Rest(() => Promise.resolve())),
    change: change.json(catalog),
    ...(report.exploration !== undefined && { exploration: report.exploration }),
    account: accountOf(report, leftOut),
  };
  const settings: Settings = { currency: currency ?? null, server: null };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${generationMark(report.generation)}
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Billboard</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript><p class="state alarm">This page needs JavaScript. It loads nothing from anywhere.</p></noscript>
<div id="app"></div>
${dataElement("settings", JSON.stringify(settings))}
${dataElement("report-data", JSON.stringify(data))}
${dataElement("report-campaigns", campaigns)}
${dataElement("report-images", JSON.stringify(images))}
<script>${script}</script>
</body>
</html>
`;
}

/** Browsers digest text with LF line ends. */
function readBundled(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../ui", name), "utf8").replaceAll("\r\n", "\n");
}

/** Nothing runs but this script, whatever names the data have, and nothing is fetched or sent. */
function policy(script: string, style: string): string {
  const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return (
    `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; ` +
    "img-src data:; base-uri 'none'; form-action 'none'"
  );
}

/** A script element that is not run. It has no `<`, so that no text in it can end it. */
function dataElement(id: string, json: string): string {
  return `<script type="application/json" id="${id}">${json.replaceAll("<", "\\u003c")}</script>`;
}
