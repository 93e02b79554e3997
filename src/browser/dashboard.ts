/** Goes from one state of the dashboard to the next without loading the page anew. Every state has its address, which works without it. */
import { follow } from "./live.js";
import { morph } from "./morph.js";
import { listenForVisits, showVisitor } from "./visitor.js";

const search = document.getElementById("search") as HTMLInputElement | null;

/** What is being asked for; another wish ends it. */
let asking: AbortController | undefined;

/** Makes the page what the address answers with; false where another wish came meanwhile. */
async function show(address: string, how: RequestInit = {}): Promise<boolean> {
  asking?.abort();
  const own = (asking = new AbortController());
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: own.signal, ...how });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (own.signal.aborted) return false;
    document.title = fresh.title;
    morph(document.querySelector("main")!, fresh.querySelector("main")!);
    showVisitor();
    return true;
  } catch {
    // Where it was not another wish, the next look at what is going on will say that the server does not answer.
    return false;
  } finally {
    if (asking === own) asking = undefined;
  }
}

/** @param isNew whether it becomes a step to go back from */
async function open(address: string, isNew: boolean): Promise<boolean> {
  if (!(await show(address))) return false;
  if (isNew) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  return true;
}

/** The address of the table narrowed to what is typed; the campaign that is open stays open. */
function searchAddress(): string {
  const query = new URLSearchParams(location.search);
  query.set("search", search!.value.trim());
  return `/?${query.toString()}`;
}

function rowLinks(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("#campaign-list tbody a")];
}

/** Up and down, from the field into the table and through it. */
function move(event: KeyboardEvent): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const from = event.target as HTMLElement;
  if (by === 0 || from.closest("#campaigns") === null) return;
  const links = rowLinks();
  const at = links.indexOf(from);
  if (at === -1 && from !== search) return;
  const to = at + by < 0 ? search : links[at + by];
  event.preventDefault();
  to?.focus();
}

async function follows(link: HTMLAnchorElement): Promise<void> {
  const isChoice = link.closest("#campaign-list tbody") !== null;
  if (!(await open(link.href, true)) || !isChoice) return;
  // To what was chosen: those who hear the page are told, and on a phone it lies below the table.
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
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  if (form.method === "post") {
    void show(form.action, { method: "POST" });
    return;
  }
  // As without a script: the campaign with this very id is opened, else the first that was found.
  const query = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  void open(`/?${query.toString()}`, true);
});

document.addEventListener("keydown", move);
search?.addEventListener("input", () => {
  void open(searchAddress(), false).then((isShown) => {
    if (isShown) document.getElementById("campaign-list")!.scrollTop = 0;
  });
});
addEventListener("popstate", () => {
  if (search !== null) search.value = new URLSearchParams(location.search).get("search") ?? "";
  void show(location.href);
});

listenForVisits();
showVisitor();
document.documentElement.dataset["ready"] = "";
void follow(() => {
  // What is being asked for will be of the new index; a wish is not to be lost.
  if (asking === undefined) void show(location.href);
});
