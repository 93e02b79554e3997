/** What becomes of an image that some of three servers do not have, or none has. */
import type { Test } from "tap";
import { range } from "../src/small-index.js";
import { RecordingServer } from "./recording-server.js";
import { Site, type StartProxy } from "./site.js";

export interface ThreeRecorders {
  readonly site: Site;
  readonly recorders: readonly RecordingServer[];
}

/** @param having how many of the three have images: the last ones */
export async function threeRecorders(t: Test, start: StartProxy, having: number): Promise<ThreeRecorders> {
  const recorders = range(0, 2).map(() => new RecordingServer());
  // Whatever is asked for its health is well.
  const admin = new RecordingServer();
  const adminPort = await admin.open();
  const [one, two, three] = await Promise.all(recorders.map((recorder) => recorder.open()));
  t.teardown(() => {
    for (const server of [...recorders, admin]) server.close();
  });
  for (const recorder of recorders.slice(0, 3 - having)) recorder.lacksImages = true;
  const ports = [one!, two!, three!].map((port) => ({ port, adminPort }));
  return { recorders, site: await Site.open(t, start, t.testdir(), [ports[0]!, ports[1]!, ports[2]!]) };
}

const addressOf = (id: number): string => `/campaigns/banners/image_${id}.png?v=${id}`;

export async function testMissingImages(t: Test, start: StartProxy): Promise<void> {
  await t.test("an image that one of three servers has is found, however many ask at once", async (t) => {
    const { site, recorders } = await threeRecorders(t, start, 1);
    const statuses = new Map<number, number>();
    await Promise.all(
      range(1, 16).map(async (visitor) => {
        const connection = await site.visit();
        for (const image of range(1, 25)) {
          connection.send(`GET ${addressOf(100 * visitor + image)} HTTP/1.1`);
          const { status } = await connection.answer();
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }),
    );
    t.same([...statuses], [[200, 400]]);
    for (const { requests } of recorders) {
      t.equal(new Set(requests.map(({ url }) => url)).size, requests.length, "no server is asked for the same twice");
      t.ok(requests.length < 400 || requests === recorders[2]!.requests, "not all begin at the same one");
    }
  });

  await t.test("an image that no server has is their 404, after one request to each", async (t) => {
    const { site, recorders } = await threeRecorders(t, start, 0);
    const connection = await site.visit();
    for (const [method, requests] of [
      ["GET", 3],
      ["HEAD", 3],
      ["POST", 1],
    ] as const) {
      const before = recorders.flatMap(({ requests }) => requests).length;
      connection.send(`${method} ${addressOf(1)} HTTP/1.1`, "Content-Length: 0");
      const { status, headers, body } = await connection.answer(method !== "HEAD");
      t.equal(status, 404, method);
      t.equal(headers["cache-control"], "no-store");
      if (method !== "HEAD") t.equal(body.toString(), "none\n");
      t.equal(recorders.flatMap(({ requests }) => requests).length - before, requests, method);
    }
    recorders[1]!.lacksImages = false;
    connection.send(`GET ${addressOf(1)} HTTP/1.1`);
    t.equal((await connection.answer()).status, 200, "nobody remembered the 404");
  });
}
