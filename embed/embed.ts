/** Puts a banner where its `<script src=".../embed.js" data-campaign="7">` stands, on the page of any site. */
{
  interface Banner {
    readonly banner: number;
    readonly image: string;
    readonly width?: number;
    readonly height?: number;
    readonly alt?: string;
    readonly link?: string;
    readonly last?: string;
  }

  // This is a classic script, since a module has no `currentScript`.
  const script = document.currentScript as HTMLScriptElement;
  const { campaign, memory: wanted } = script.dataset;
  const address = new URL(`campaigns/${campaign!}/banner.json`, script.src).href;

  /** What is not stored, as long as the page is open. */
  type Memory = Record<string, string | null>;

  // Not a cookie: browsers block those of other sites ever more.
  const storage = (): Storage | undefined => (wanted === "off" ? undefined : localStorage);

  /** The site may show something of its own. */
  const tell = (event: string, detail?: Banner): void => {
    script.dispatchEvent(new CustomEvent(`billboard:${event}`, { bubbles: true, detail }));
  };

  const show = async (memory: Memory): Promise<void> => {
    let last = memory[address];
    try {
      last ??= storage()!.getItem(address);
    } catch {
      // Forbidden by the site, by the visitor, or by the page's sandbox.
    }
    const response = await fetch(`${address}?last=${last ?? ""}`, { credentials: "omit" });
    // No such campaign now.
    if (!response.ok) throw new Error();
    put((await response.json()) as Banner, memory);
  };

  const put = (decision: Banner, memory: Memory): void => {
    const { banner, image, width, height, alt, link, last } = decision;
    let shown: HTMLElement = Object.assign(new Image(width, height), {
      alt: alt ?? `Banner ${banner}`,
      // Else room for the tails of letters would be kept below the image.
      style: "max-width:100%;height:auto;vertical-align:bottom",
      onload: () => {
        tell("shown", decision);
        script.remove();
      },
      onerror: () => {
        shown.remove();
        tell("empty");
      },
      src: new URL(image, address),
    });
    if (link) {
      const anchor = Object.assign(document.createElement("a"), {
        href: new URL(link, address),
        target: "_blank",
        rel: "sponsored noopener",
      });
      anchor.append(shown);
      shown = anchor;
    }
    // The script stays until all is told: an event reaches who listens to it, or round it, by an element of the page.
    script.after(shown);
    if (!last) return;
    try {
      storage()!.setItem(address, last);
    } catch {
      memory[address] = last;
    }
  };

  // In turn, so that two embeds show different banners; an uncaught error would be counted as one of the site's.
  const page = window as { billboard?: Promise<Memory> };
  const before = page.billboard ?? Promise.resolve({});
  page.billboard = before.then(async (memory: Memory) => {
    await show(memory).catch(() => {
      tell("empty");
    });
    return memory;
  });
}
