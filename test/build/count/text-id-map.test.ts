import t from "tap";
import { TextIdMap } from "../../../build/count/text-id-map.js";

await t.test("keys are four words, each of which counts", (t) => {
  const map = new TextIdMap();
  map.source = Uint32Array.of(1, 2, 3, 4294967295, 2, 3, 4294967295, 1);
  t.equal(map.find(0), -1);
  t.equal(map.add(0), 0);
  t.equal(map.add(0), 0);
  t.equal(map.add(4), 1);
  t.equal(map.find(4), 1);
  for (const word of [0, 1, 2, 3]) {
    map.source = Uint32Array.of(9, 1, 2, 3, 4294967295);
    t.equal(map.find(1), 0, "the same words at another place");
    map.source[1 + word]!++;
    t.equal(map.find(1), -1, `another word ${word}`);
  }
  t.equal(map.size, 2);
  t.end();
});

await t.test("indexes are in the order of adding, however many there are and however alike their hashes", (t) => {
  const map = new TextIdMap();
  const MANY = 5000;
  const wrong: number[] = [];
  map.source = Uint32Array.from({ length: MANY * 4 + 4 }, (_, at) => (at % 4 === 0 ? (at / 4) % 7 : at));
  for (let id = 0; id < MANY; id++) if (map.add(id * 4) !== id) wrong.push(id);
  for (let id = 0; id < MANY; id++) if (map.find(id * 4) !== id) wrong.push(id);
  t.strictSame(wrong, []);
  t.equal(map.find(MANY * 4), -1);
  t.end();
});
