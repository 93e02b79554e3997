/** Two servers behind a proxy, and what their campaigns are. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import type { RunningServer } from "../src/running-server.js";
import { inEveryPeriod, range, smallIndex } from "../src/small-index.js";
import { freePort } from "./loopback.js";
import { Site, startServer, type Place, type ServerPorts, type StartProxy } from "./site.js";

/** Campaign 2 has one banner, so that its page is always the same; campaign 3 has two, which must take turns. */
const indexOf = (first: number): Uint8Array =>
  smallIndex([
    ...inEveryPeriod({ campaign: 1, converting: range(first, first + 11) }),
    ...inEveryPeriod({ campaign: 2, converting: [7] }),
    ...inEveryPeriod({ campaign: 3, converting: [8, 9] }),
  ]);
/** Campaign 1 has banners below 200. */
export const FIRST = indexOf(100);
/** Campaign 1 has banners from 200 on. */
export const SECOND = indexOf(200);
/** A placeholder, which both have. */
export const IMAGE = "/campaigns/banners/image_7.svg";

/** The pair `last_banner=…` of an answer, or "". */
export const cookieOf = (setCookie: string | undefined): string => /^last_banner=\d+/.exec(setCookie ?? "")?.[0] ?? "";

export interface TwoServers {
  readonly site: Site;
  readonly servers: readonly [RunningServer, RunningServer];
  readonly ports: Place["servers"];
  /** What the servers load. */
  readonly files: readonly [string, string];
}

/** @param settings of the first server, and of the second one */
export async function twoServers(
  t: Test,
  start: StartProxy,
  indexes = [FIRST, FIRST] as const,
  ...settings: readonly Readonly<Record<string, string>>[]
): Promise<TwoServers> {
  const folder = t.testdir();
  const files = [join(folder, "first.bin"), join(folder, "second.bin")] as const;
  files.forEach((file, at) => {
    writeFileSync(file, indexes[at]!);
  });
  const ports = [await freePorts(), await freePorts()] as const;
  const servers = [
    startServer(t, files[0], ports[0], settings[0]),
    startServer(t, files[1], ports[1], settings[1]),
  ] as const;
  await Promise.all(servers.map((server) => server.ready()));
  return { site: await Site.open(t, start, folder, ports), servers, ports, files };
}

export async function freePorts(): Promise<ServerPorts> {
  return { port: await freePort(), adminPort: await freePort() };
}
