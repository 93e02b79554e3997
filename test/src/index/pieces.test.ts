import t from "tap";
import { inPieces } from "../../../src/index/pieces.js";
import { seededRandom } from "../seeded-random.js";

await t.test("pieces have the bytes of the parts in their order, and no piece is too large or empty", (t) => {
  const random = seededRandom(7);
  for (let round = 0; round < 500; round++) {
    const most = 1 + Math.floor(random() * 20);
    const parts = Array.from({ length: Math.floor(random() * 8) }, () =>
      Uint8Array.from({ length: Math.floor(random() * 50) }, () => random() * 256),
    );
    const pieces = Array.from(inPieces(parts, most), (piece) => Uint8Array.from(piece));
    if (!Buffer.concat(pieces).equals(Buffer.concat(parts))) t.fail(`round ${round}`);
    if (pieces.some(({ length }) => length === 0 || length > most)) t.fail(`round ${round}: ${String(pieces)}`);
  }
  t.end();
});

await t.test("a million small parts are joined into few pieces, and a large one is not copied", (t) => {
  const small = new Uint8Array(9);
  const large = new Uint8Array(1000);
  const pieces = [...inPieces([...Array.from({ length: 1_000_000 }, () => small), new Uint8Array(200), large], 900)];
  t.equal(pieces.length, 10_000 + 1 + 2);
  t.equal(pieces.at(-1)!.buffer, large.buffer);
  t.end();
});
