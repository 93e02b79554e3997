/** Refreshes the status cards each second, while the page is seen. */
import { morph } from "./morph.js";

const PERIOD_MS = 1000;

const TIMEOUT_MS = 10_000;

async function refresh(): Promise<void> {
  const offline = document.getElementById("offline")!;
  try {
    const response = await fetch(`/status.html${location.search}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status === 401) location.reload();
    if (!response.ok) throw new Error(`the server answered with ${response.status}`);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("status");
    morph(document.getElementById("status")!, fresh!);
    offline.textContent = "";
  } catch {
    offline.textContent = "The server does not answer; the figures are those of before.";
  }
}

function isOutdated(): boolean {
  const servedBy = (id: string): string | undefined => document.getElementById(id)?.dataset["served"];
  return servedBy("status") !== servedBy("campaign");
}

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
