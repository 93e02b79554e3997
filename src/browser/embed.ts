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
  const address = new URL(`campaigns/${script.dataset["campaign"]!}/banner.json`, script.src);
  const key = address.href;

  /** What could not be stored, as long as the page is open. */
  type Memory = Record<string, string | null>;

  const show = async (memory: Memory): Promise<Memory> => {
    let last = memory[key];
    try {
      // Not a cookie: browsers block those of other sites ever more.
      last ??= localStorage.getItem(key);
    } catch {
      // Forbidden by the visitor, or by the page's sandbox.
    }
    address.search = `last=${last ?? ""}`;
    const response = await fetch(address, { credentials: "omit" });
    // No such campaign now: the place stays empty.
    if (response.ok) put((await response.json()) as Banner, memory);
    return memory;
  };

  const put = ({ banner, image, width, height, alt, link, last }: Banner, memory: Memory): void => {
    let shown: HTMLElement = Object.assign(new Image(width, height), {
      alt: alt ?? `Banner ${banner}`,
      src: new URL(image, address).href,
    });
    // Else room for the tails of letters would be kept below the image.
    shown.style.cssText = "max-width:100%;height:auto;vertical-align:bottom";
    if (link) {
      const anchor = Object.assign(document.createElement("a"), {
        href: link,
        target: "_blank",
        rel: "sponsored noopener",
      });
      anchor.append(shown);
      shown = anchor;
    }
    script.replaceWith(shown);
    if (!last) return;
    try {
      localStorage.setItem(key, last);
    } catch {
      memory[key] = last;
    }
  };

  // In turn, so that two embeds show different banners; an uncaught error would be counted as one of the site's.
  const page = window as { billboard?: Promise<Memory> };
  const before = page.billboard ?? Promise.resolve({});
  page.billboard = before.then((memory) => show(memory).catch(() => memory));
}
