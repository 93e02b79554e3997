/** Makes visits to the open campaign, and holds the share of each banner against the expected one. */
import { image, type Picture } from "../admin/dashboard/drawings.js";
import { count, shareText } from "../admin/dashboard/wording.js";
import { html } from "../response/html.js";

interface Visits {
  readonly banners: readonly number[];
  readonly last: string;
  readonly latest: readonly Picture[];
}

const MAX_LATEST = 8;

class Visitor {
  readonly counts = new Map<string, number>();
  total = 0;
  last = "";
  latest: readonly Picture[] = [];
}

let visitor = new Visitor();
let cell = "";

const partOf = (): HTMLElement | null => document.getElementById("visitor");

export function showVisitor(): void {
  const part = partOf();
  const { campaign, period, generation } = part?.dataset ?? {};
  const open = [campaign, period, generation].join();
  if (open !== cell) visitor = new Visitor();
  cell = open;
  if (part !== null) draw(part);
}

function draw(part: HTMLElement): void {
  const { counts, total, latest } = visitor;
  const scale = Number(part.dataset["scale"]);
  let largest = 0;
  for (const row of part.querySelectorAll<HTMLElement>("[data-banner]")) {
    const shown = counts.get(row.dataset["banner"]!) ?? 0;
    const share = total === 0 ? 0 : shown / total;
    largest = Math.max(largest, Math.abs(share - Number(row.dataset["expected"])));
    row.querySelector("[data-count]")!.textContent = count(shown);
    row.querySelector("[data-share]")!.textContent = total === 0 ? "–" : shareText(share);
    row.querySelector("rect")!.setAttribute("width", String(Math.min(100, 100 * share * scale)));
  }
  part.querySelector("#largest-difference")!.textContent =
    total === 0
      ? ""
      : `After ${count(total)} visits no share is further than ${(100 * largest).toFixed(1)} points from the expected one.`;
  const [newest, ...older] = latest;
  const shown = part.querySelector("#shown")!;
  if (newest === undefined) shown.textContent = "No banner yet";
  else if (shown.querySelector("img")?.getAttribute("src") !== newest.imageUrl) shown.innerHTML = image(newest).text;
  part.querySelector("#visitor-said")!.textContent =
    newest === undefined ? "" : `Visit ${count(total)}: banner ${newest.id}`;
  part.querySelector("#latest")!.innerHTML = html`${older.map((banner) => html`<li>${image(banner)}</li>`)}`.text;
}

async function makeVisits(part: HTMLElement, visits: string): Promise<void> {
  const { campaign, period } = part.dataset;
  const query = new URLSearchParams({ campaign: campaign!, period: period!, visits, last: visitor.last });
  const own = visitor;
  const response = await fetch(`/visit.json?${query.toString()}`);
  const text = await response.text();
  // Another cell may be open by now.
  if (own !== visitor) return;
  if (!response.ok) {
    part.querySelector("#visitor-said")!.textContent = text;
    return;
  }
  const { banners, last, latest } = JSON.parse(text) as Visits;
  const rows = new Set([...part.querySelectorAll<HTMLElement>("[data-banner]")].map((row) => row.dataset["banner"]));
  for (const banner of banners) {
    const key = rows.has(String(banner)) ? String(banner) : "pool";
    own.counts.set(key, (own.counts.get(key) ?? 0) + 1);
  }
  own.total += banners.length;
  own.last = last;
  own.latest = [...latest, ...own.latest].slice(0, MAX_LATEST);
  draw(part);
}

/** One after the other: two at once would remember the same. */
let visiting = Promise.resolve();

export function listenForVisits(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("#visitor button");
    if (button === null) return;
    const { visits } = button.dataset;
    if (visits === undefined) {
      visitor = new Visitor();
      draw(partOf()!);
    } else {
      // The cards above tell that the server does not answer.
      visiting = visiting.then(() => makeVisits(partOf()!, visits)).catch(() => undefined);
    }
  });
}
