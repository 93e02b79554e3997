import { join } from "node:path";
import t from "tap";
import { buildIndexes } from "../../../tools/soak/indexes.js";
import { dataFolder } from "../../build/data-folder.js";

await t.test("a soak asks only for campaigns that every period has", async (t) => {
  const everywhere = { impressions: ["1,1", "1,5"] };
  const data = { ...dataFolder(everywhere, { impressions: ["1,1", "1,3", "1,5"] }), banners: {} };
  const folder = t.testdir({ data });
  const { campaigns } = await buildIndexes(join(folder, "data"), folder);
  t.same(campaigns, [1, 5]);
});
