/** Asks for what is going on each second, while the page is seen, and shows it. */
import { morph } from "./morph.js";

const PERIOD_MS = 1000;

/** How long an answer may take. */
const TIMEOUT_MS = 10_000;

async function refresh(): Promise<void> {
  const offline = document.getElementById("offline")!;
  try {
    const answer = await fetch(`/status.html${location.search}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`the server answered with ${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("status");
    morph(document.getElementById("status")!, fresh!);
    offline.textContent = "";
  } catch {
    // Nothing more is known than that; the next second may tell another thing.
    offline.textContent = "The server does not answer; the figures are those of before.";
  }
}

/** Whether the rest of the page is of another index, or of the period before. */
function isOutdated(): boolean {
  const servedBy = (id: string): string | undefined => document.getElementById(id)?.dataset["served"];
  return servedBy("status") !== servedBy("campaign");
}

/**
 * One question at a time, the next a second after the answer to the one before.
 * @param renew asks for the rest of the page
 */
export async function follow(renew: () => void): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    if (document.hidden)
      await new Promise((resolve) => {
        document.addEventListener("visibilitychange", resolve, { once: true });
      });
    await refresh();
    if (isOutdated()) renew();
  }
}
