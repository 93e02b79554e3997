/** Runs the interface as a report, whose data is in its page. */
import { render } from "preact";
import type { PackedCampaign } from "../../build/report/packed.js";
import type { PageData } from "../../build/report/page-data.js";
import type { Settings } from "../../src/view/page-settings.js";
import { App } from "../app.js";
import type { Shell } from "../shell.js";
import { DataView } from "./data-view.js";
import { fileSource } from "./source.js";

const read = (id: string): unknown => JSON.parse(document.getElementById(id)!.textContent);

const data = read("report-data") as PageData;
const campaigns = read("report-campaigns") as readonly PackedCampaign[];
const images = read("report-images") as readonly string[];

const concerns = data.account.remarks
  .filter(({ is_alarm }) => is_alarm)
  .map(({ text, names }) => ({
    text: [text, names?.first.slice(0, 3).join(", ")].filter(Boolean).join(" "),
    under: "What the build read",
  }));

const shell: Shell = {
  source: fileSource(data, campaigns, images),
  settings: read("settings") as Settings,
  start: "#?",
  generation: data.overview.generation,
  periods: data.overview.periods,
  period: 0,
  isGone: false,
  useConcerns: () => concerns,
  own: { view: "data", name: "Data", Content: () => <DataView of={data} /> },
  corner: <p class="quiet">Build report</p>,
};

render(<App shell={shell} />, document.getElementById("app")!);
document.documentElement.dataset["ready"] = "true";
