/**
 * Sites of other people, which embed banners: their pages, under any name of loopback, such as `shop.localhost` and
 * `news.localhost`.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Test } from "tap";

export interface SitePage {
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class OtherSite {
  /** By path. */
  readonly pages = new Map<string, SitePage>();
  readonly #server = createServer((request, response) => {
    const { html, headers } = this.pages.get(request.url ?? "") ?? { html: "No such page" };
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(html);
  });

  /** Until the test ends. */
  static async open(t: Test): Promise<OtherSite> {
    const site = new OtherSite();
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    t.teardown(() => {
      site.#server.closeAllConnections();
      site.#server.close();
    });
    return site;
  }

  /** Each name below `localhost` is a site of its own to browsers, and trustworthy as if it had TLS. */
  url(path: string, host = "shop.localhost"): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}${path}`;
  }
}
