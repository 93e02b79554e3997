/** A request without a socket, and what it is answered with. */
import type { Reply } from "../../src/response/reply.js";
import type { Method, Request } from "../../src/response/request.js";
import type { Router } from "../../src/response/router.js";

export interface Answered {
  readonly status: number;
  /** By lower-case name, in the order of the wire. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: Uint8Array;
}

export function request(
  router: Router,
  method: Method,
  address: string,
  headers: Record<string, string> = {},
): Answered {
  const [path = "", ...query] = address.split("?");
  const asked: Request = {
    getQuery: () => query.join("?"),
    getHeader: (name) => headers[name] ?? "",
    forEach: (each) => {
      for (const [name, value] of Object.entries(headers)) each(name, value);
    },
  };
  const reply = {} as Reply;
  router.respond(method, path, asked, reply);
  const { headers: block, body } = reply;
  const [status = "", ...lines] = Buffer.from(block).toString("latin1").split("\r\n");
  const pairs = lines.map((line) => line.split(/: (.*)/s));
  // Of a 304 only the length of its body is sent.
  const bytes = Number.parseInt(status) === 304 ? Buffer.alloc(0) : Buffer.from(body);
  return {
    status: Number.parseInt(status),
    headers: Object.fromEntries(pairs.map(([name = "", value = ""]) => [name.toLowerCase(), value])),
    body: bytes.toString(),
    bytes,
  };
}

/** The banner of a page. */
export function bannerOf(page: Answered): number {
  return Number(/<img src="[^"]*image_(\d+)\.\w+\?v=[0-9a-f]{32}" alt="Banner \1"[ >]/.exec(page.body)?.[1]);
}
