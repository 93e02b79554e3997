/** Servers that keep the rules of the wire, or break one of them on purpose. */
import { once } from "node:events";
import { createServer, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Test } from "tap";

export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly campaign: number;
  /** What the cookie says, 0 for nothing. */
  readonly last: number;
  /** Counts requests from 1. */
  readonly number: number;
  /** The connection. */
  readonly socket: unknown;
}

/** Answers undefined to close the connection instead. */
export type Behaviour = (asked: Asked) => Reply | undefined | Promise<Reply | undefined>;

/** Each campaign has two banners: ten times its id, plus one and plus two. */
export function bannersOf(campaign: number): readonly [number, number] {
  return [campaign * 10 + 1, campaign * 10 + 2];
}

export function replyWith(campaign: number, banner: number): Reply {
  return {
    status: 200,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Set-Cookie": `last_banner=${banner}; Path=/campaigns/${campaign}; Max-Age=2592000; HttpOnly; SameSite=Lax`,
    },
    body: `<!doctype html><html><body><img src="/campaigns/banners/image_${banner}.png" alt="Banner ${banner}"></body></html>`,
  };
}

/** Shows a campaign's first banner, or the second to who has just seen the first. */
export const good = ({ campaign, last }: Asked): Reply => {
  const [first, second] = bannersOf(campaign);
  return replyWith(campaign, last === first ? second : first);
};

/** Serves until the test ends. */
export async function fakeServer(t: Test, behaviour: Behaviour): Promise<URL> {
  let number = 0;
  const server = createServer((request, response) => {
    const campaign = Number(/^\/campaigns\/(\d+)$/.exec(request.url ?? "")?.[1]);
    const last = Number(/^last_banner=(\d+)$/.exec(request.headers.cookie ?? "")?.[1] ?? 0);
    void Promise.resolve(behaviour({ campaign, last, number: ++number, socket: request.socket })).then((reply) => {
      if (reply === undefined) request.socket.destroy();
      else response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
