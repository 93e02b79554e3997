/** Goes from one address of the dashboard to the next without loading the page anew; each works without it too. */
import { follow } from "./live.js";
import { morph } from "./morph.js";
import { listenForVisits, showVisitor } from "./visitor.js";

const search = document.getElementById("search") as HTMLInputElement | null;

let asking: AbortController | undefined;

/** Resolves with false where another request came meanwhile, or the server did not answer. */
async function show(address: string, how: RequestInit = {}): Promise<boolean> {
  asking?.abort();
  const own = (asking = new AbortController());
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, signal: own.signal, ...how });
    // The session has ended: the page is the form to log in now.
    if (response.status === 401) location.reload();
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (own.signal.aborted) return false;
    document.title = fresh.title;
    morph(document.querySelector("main")!, fresh.querySelector("main")!);
    showVisitor();
    return true;
  } catch {
    // It was aborted, or the next refresh of the status says that the server does not answer.
    return false;
  } finally {
    if (asking === own) asking = undefined;
  }
}

async function open(address: string, how: "pushState" | "replaceState"): Promise<boolean> {
  const isShown = await show(address);
  if (isShown) history[how](null, "", address);
  return isShown;
}

async function find(): Promise<void> {
  const query = new URLSearchParams(location.search);
  query.set("search", search!.value.trim());
  if (await open(`/?${query.toString()}`, "replaceState")) document.getElementById("campaign-list")!.scrollTop = 0;
}

function move(event: KeyboardEvent): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const from = event.target as HTMLElement;
  if (by === 0 || from.closest("#campaigns") === null) return;
  const links = [...document.querySelectorAll<HTMLElement>("#campaign-list tbody a")];
  const index = links.indexOf(from);
  if (index === -1 && from !== search) return;
  const to = index + by < 0 ? search : links[index + by];
  event.preventDefault();
  to?.focus();
}

async function follows(link: HTMLAnchorElement): Promise<void> {
  const isChoice = link.closest("#campaign-list tbody") !== null;
  if (!(await open(link.href, "pushState")) || !isChoice) return;
  // Screen readers are told of it by the focus, and on a phone it lies below the table.
  const title = document.getElementById("campaign-title")!;
  const { top } = title.getBoundingClientRect();
  const isSeen = top >= 0 && top < innerHeight / 2;
  title.focus({ preventScroll: isSeen });
}

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="/?"]');
  if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  void follows(link);
});

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset["wholePage"] !== undefined) return;
  event.preventDefault();
  if (form.method === "post") {
    void show(form.action, { method: "POST" });
    return;
  }
  // As without a script: the campaign with this very id is opened, else the first that was found.
  const query = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  void open(`/?${query.toString()}`, "pushState");
});

document.addEventListener("keydown", move);
search?.addEventListener("input", () => {
  void find();
});
addEventListener("popstate", () => {
  if (search !== null) search.value = new URLSearchParams(location.search).get("search") ?? "";
  void show(location.href);
});

listenForVisits();
showVisitor();
document.documentElement.dataset["ready"] = "";
void follow(() => {
  // A request under way will show the new index.
  if (asking === undefined) void show(location.href);
});
