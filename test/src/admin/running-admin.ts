/** The administration port of this process, with whatever stands behind it. */
import { once } from "node:events";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Test } from "tap";
import { Admin } from "../../../src/admin/server.js";
import type { Rotation } from "../../../src/decision/decide.js";
import type { ResponseSettings } from "../../../src/response/decisions.js";
import { decode } from "../../../src/index/format.js";
import { SETTINGS } from "../response/response-settings.js";
import { FIRST } from "../published.js";
import { MOMENT, stateOf, type FakeServer } from "./server-state.js";

export const INDEX = decode(Uint8Array.from(FIRST));

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RunningAdmin {
  readonly admin: Admin;
  readonly ask: (method: string, path: string, headers?: Record<string, string>, form?: string) => Promise<Answered>;
  readonly port: number;
  readonly errors: readonly unknown[];
}

export interface AdminSetting {
  readonly rotation?: Rotation;
  readonly random?: () => number;
  readonly token?: string;
  readonly host?: string;
  readonly maxConnections?: number;
  readonly now?: () => number;
  /** Of the public port. */
  readonly response?: Partial<ResponseSettings>;
  readonly indexFile?: string;
}

/** At MOMENT, until the test ends. */
export async function startAdmin(
  t: Pick<Test, "teardown">,
  fake: FakeServer = {},
  setting: AdminSetting = {},
): Promise<RunningAdmin> {
  const { rotation = "no-repeat", random = Math.random, token, host = "127.0.0.1" } = setting;
  const { maxConnections = 100, now = () => MOMENT } = setting;
  const errors: unknown[] = [];
  const admin = new Admin(
    stateOf({ index: () => INDEX, ...fake }),
    {
      allowedHosts: ["billboard.example"],
      timeZone: "Europe/Berlin",
      rotation,
      token,
      maxConnections,
      currency: "",
      publicUrl: "",
      response: { ...SETTINGS, ...setting.response },
      indexFile: setting.indexFile ?? "none/index.bin",
    },
    (error) => errors.push(error),
    random,
    now,
  );
  const port = await admin.listen(host, 0);
  t.teardown(() => {
    admin.close();
  });
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    form = "",
  ): Promise<Answered> => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }).end(form);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode!, headers: response.headers, body };
  };
  return { admin, ask, port, errors };
}
