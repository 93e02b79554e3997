/** Makes visits to the open campaign, and holds the share of each banner against the expected one. */

interface ShownBanner {
  readonly id: number;
  readonly imageUrl: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

interface Visits {
  readonly banners: readonly number[];
  readonly last: string;
  readonly latest: readonly ShownBanner[];
}

/** How many of the last banners are seen. */
const MOST_LATEST = 8;

/** What one visitor has seen. */
class Visitor {
  readonly counts = new Map<string, number>();
  total = 0;
  /** What the visitor remembers, as the server has it. */
  last = "";
  latest: readonly ShownBanner[] = [];
}

let visitor = new Visitor();
/** The cell that the visitor visits: another campaign, period or index has another visitor. */
let cell = "";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function place(): HTMLElement | null {
  return document.getElementById("visitor");
}

function imageOf({ id, imageUrl, width, height, alt }: ShownBanner, text = alt || `Banner ${id}`): HTMLImageElement {
  const image = new Image();
  if (width > 0 && height > 0) [image.width, image.height] = [width, height];
  image.alt = text;
  image.src = imageUrl;
  return image;
}

/** Shows what the visitor has seen; the server has drawn the table without it. */
export function showVisitor(): void {
  const part = place();
  const open =
    part === null ? "" : [part.dataset["campaign"], part.dataset["period"], part.dataset["generation"]].join();
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
    row.querySelector("[data-count]")!.textContent = shown.toLocaleString("en-US");
    row.querySelector("[data-share]")!.textContent = total === 0 ? "–" : percent(share);
    row.querySelector("rect")!.setAttribute("width", String(Math.min(100, 100 * share * scale)));
  }
  part.querySelector("#largest-difference")!.textContent =
    total === 0
      ? ""
      : `After ${total.toLocaleString("en-US")} visits no share is further than ${(100 * largest).toFixed(1)} points from the expected one.`;
  const [newest, ...older] = latest;
  const shown = part.querySelector("#shown")!;
  if (newest === undefined) shown.textContent = "No banner yet";
  else if (shown.querySelector("img")?.getAttribute("src") !== newest.imageUrl) shown.replaceChildren(imageOf(newest));
  part.querySelector("#visitor-said")!.textContent =
    newest === undefined ? "" : `Visit ${total.toLocaleString("en-US")}: banner ${newest.id}`;
  part.querySelector("#latest")!.replaceChildren(
    ...older.map((banner) => {
      const item = document.createElement("li");
      item.append(imageOf(banner));
      return item;
    }),
  );
}

async function makeVisits(part: HTMLElement, visits: string): Promise<void> {
  const { campaign, period } = part.dataset;
  const query = new URLSearchParams({ campaign: campaign!, period: period!, visits, last: visitor.last });
  const own = visitor;
  const answer = await fetch(`/visit.json?${query.toString()}`);
  const text = await answer.text();
  // Another cell may be open by now.
  if (own !== visitor) return;
  if (!answer.ok) {
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
  own.latest = [...latest, ...own.latest].slice(0, MOST_LATEST);
  draw(part);
}

/** The visits so far, each after the one before: two at once would remember the same. */
let visiting = Promise.resolve();

export function listenForVisits(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("#visitor button");
    if (button === null) return;
    const { visits } = button.dataset;
    if (visits === undefined) {
      visitor = new Visitor();
      draw(place()!);
      return;
    }
    visiting = visiting
      .then(() => makeVisits(place()!, visits))
      .catch(() => {
        // The cards above tell that the server does not answer.
      });
  });
}
