import t from "tap";
import { nameError } from "../../../build/read/file-name.js";
import { READS_ZSTD } from "../../../build/read/source.js";

await t.test("a .zst is read where Node.js unpacks it, and is told otherwise with which one does", (t) => {
  const error = nameError("clicks_1.csv.zst", "clicks");
  if (READS_ZSTD) t.equal(error, undefined);
  else
    t.equal(
      error,
      `Node.js ${process.versions.node} cannot unpack it: build with Node.js 22.15 or later, or unpack it with zstd -d`,
    );
  t.match(nameError("clicks_1.zst", "clicks"), /^is named as clicks, but not \.csv or \.tsv/);
  t.end();
});
