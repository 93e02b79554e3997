/** What holds behind either proxy. */
import type { Test } from "tap";
import { testAnswers } from "./answers-through-proxy.js";
import { testMissingImages } from "./missing-images.js";
import { testPassedRequests } from "./passed-requests.js";
import { testRollingReloads } from "./rolling-reloads.js";
import { testServersUnderLoad } from "./servers-under-load.js";
import type { StartProxy } from "./site.js";
import { twoServers } from "./two-servers.js";

export async function testBehindProxy(t: Test, start: StartProxy): Promise<void> {
  await t.test("answers", async (t) => {
    const { site } = await twoServers(t, start);
    await testAnswers(t, site);
  });
  await testPassedRequests(t, start);
  await testServersUnderLoad(t, start);
  await testMissingImages(t, start);
  await testRollingReloads(t, start);
}
