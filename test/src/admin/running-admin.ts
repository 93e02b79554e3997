/** The administration port of this process, with whatever stands behind it. */
import { once } from "node:events";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Test } from "tap";
import { Admin, type Administered } from "../../../src/admin/server.js";
import { decode } from "../../../src/index/format.js";
import type { Verdict } from "../../../src/index/reload.js";
import { statusAt } from "./observed-status.js";
import { FIRST } from "../published.js";

export const INDEX = decode(Uint8Array.from(FIRST));
export const REPLACED: Verdict = { result: "replaced", generation: "b", previous: "a" };

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RunningAdmin {
  readonly ask: (method: string, path: string, headers?: Record<string, string>) => Promise<Answered>;
  readonly port: number;
  readonly faults: readonly unknown[];
}

/** Ends with the test. */
export async function startAdmin(
  t: Pick<Test, "teardown">,
  administered: Partial<Administered> = {},
  random?: () => number,
): Promise<RunningAdmin> {
  const faults: unknown[] = [];
  const whole: Administered = {
    unreadiness: () => undefined,
    index: () => INDEX,
    reload: () => Promise.resolve(REPLACED),
    metrics: () => Promise.resolve({ type: "text/plain; version=0.0.4", text: "a 1\n" }),
    status: () => statusAt(whole.index()),
    ...administered,
  };
  const admin = new Admin(whole, ["billboard.example"], (error) => faults.push(error), random);
  const port = await admin.listen("127.0.0.1", 0);
  t.teardown(() => {
    admin.close();
  });
  const ask = async (method: string, path: string, headers: Record<string, string> = {}): Promise<Answered> => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode!, headers: response.headers, body };
  };
  return { ask, port, faults };
}
