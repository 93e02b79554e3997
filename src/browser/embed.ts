/**
 * Puts a banner where its `<script src=".../embed.js" data-campaign="7">` stands, on the page of any site. It sends no cookies, which browsers
 * keep from other sites' servers in ever more cases; what the visitor has seen is kept in the storage of the page itself. A script
 * and no module, so that it can know where it stands.
 */
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

  const script = document.currentScript as HTMLScriptElement;
  const address = new URL(`campaigns/${script.dataset["campaign"]!}/banner.json`, script.src);
  const key = address.href;

  const show = async (): Promise<void> => {
    let storage: Storage | undefined;
    try {
      storage = localStorage;
      address.search = `last=${storage.getItem(key) ?? ""}`;
    } catch {
      // The visitor has forbidden it. A banner may come again at once then.
    }
    const response = await fetch(address, { credentials: "omit" });
    // No such campaign now: the place stays empty.
    if (!response.ok) return;
    const { banner, image, width, height, alt, link, last } = (await response.json()) as Banner;
    if (last) storage?.setItem(key, last);
    let shown: HTMLElement = Object.assign(new Image(width, height), {
      alt: alt ?? `Banner ${banner}`,
      src: new URL(image, address).href,
    });
    shown.style.cssText = "max-width:100%;height:auto";
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
  };

  // One after the other, so that two places of one page do not show the same banner.
  const page = window as { billboard?: Promise<void> };
  page.billboard = (page.billboard ?? Promise.resolve()).then(show, show);
}
