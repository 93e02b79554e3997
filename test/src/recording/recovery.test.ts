import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { recoverFiles } from "../../../src/recording/recovery.js";

const NAME = "clicks-0123456789abcdef-20261130T100000Z-000001.csv";
const HEADER = "timestamp,click_id,campaign_id,banner_id\n";
const ROWS = ["2026-11-30T10:00:00Z,ab,1,2\n", "2026-11-30T10:00:01Z,cd,1,2\n"];
const TEXT = HEADER + ROWS.join("");

await t.test("wherever a file was cut, its whole rows are kept, and it is removed where there are none", async (t) => {
  const folder = t.testdir();
  for (let length = 0; length <= TEXT.length; length++) {
    writeFileSync(join(folder, `open-${NAME}`), TEXT.slice(0, length));
    const whole = ROWS.filter((_, at) => length >= HEADER.length + ROWS.slice(0, at + 1).join("").length);
    const recovered = await recoverFiles(folder);
    t.notOk(existsSync(join(folder, `open-${NAME}`)));
    if (whole.length === 0) {
      t.same(recovered, { closed: [], removed: 1 }, `cut at ${length}`);
      t.same(readdirSync(folder), []);
    } else {
      t.same(recovered, { closed: [NAME], removed: 0 }, `cut at ${length}`);
      t.equal(readFileSync(join(folder, NAME), "utf8"), HEADER + whole.join(""), `cut at ${length}`);
      rmSync(join(folder, NAME));
    }
  }
});

await t.test("a torn line may be longer than a block, and a file than several", async (t) => {
  const folder = t.testdir();
  const rows = ROWS[0]!.repeat(10_000);
  writeFileSync(join(folder, `open-${NAME}`), `${HEADER}${rows}${"x".repeat(200_000)}`);
  t.same(await recoverFiles(folder), { closed: [NAME], removed: 0 });
  t.ok(readFileSync(join(folder, NAME), "utf8") === HEADER + rows);
});

await t.test("other files stay as they are, and no file is written over", async (t) => {
  const folder = t.testdir({
    server: "0123456789abcdef\n",
    "open-other.csv": "a",
    [NAME]: "there already",
    [`open-${NAME}`]: TEXT,
  });
  const second = NAME.replace(".csv", "-2.csv");
  t.same(await recoverFiles(folder), { closed: [second], removed: 0 });
  t.same(readdirSync(folder).sort(), [second, NAME, "open-other.csv", "server"]);
  t.equal(readFileSync(join(folder, NAME), "utf8"), "there already");
  t.equal(readFileSync(join(folder, second), "utf8"), TEXT);
});

await t.test("a link in the place of a file is not followed", async (t) => {
  const folder = t.testdir({ elsewhere: "kept", rec: {} });
  symlinkSync(join(folder, "elsewhere"), join(folder, "rec", `open-${NAME}`));
  await t.rejects(recoverFiles(join(folder, "rec")), { name: "FileError", message: /is a link, expected a file/ });
  t.equal(readFileSync(join(folder, "elsewhere"), "utf8"), "kept");
});
