import * as fs from "node:fs";
import { join } from "node:path";
import t from "tap";
import { RejectLog } from "../../../build/count/rejects.js";

const HEADER = "file,line,kind,reason,first_file,first_line\n";

await t.test("each reject is a line, with empty fields for what there is not", (t) => {
  const path = join(t.testdir(), "rejects.csv");
  const log = new RejectLog(path);
  log.write("1/clicks.csv", 3, "duplicate", "came before", { file: "1/clicks_0.csv", line: 2 });
  log.write("2/clicks.csv", undefined, "duplicate file", "all 5 row(s)", { file: "1/clicks.csv" });
  log.write("1/conversions.csv", 9, "orphan", "no click");
  log.close();
  t.equal(
    fs.readFileSync(path, "utf8"),
    `${HEADER}1/clicks.csv,3,duplicate,came before,1/clicks_0.csv,2\n` +
      "2/clicks.csv,,duplicate file,all 5 row(s),1/clicks.csv,\n" +
      "1/conversions.csv,9,orphan,no click,,\n",
  );
  t.end();
});

await t.test("without rejects there is the header row", (t) => {
  const path = join(t.testdir(), "rejects.csv");
  new RejectLog(path).close();
  t.equal(fs.readFileSync(path, "utf8"), HEADER);
  t.end();
});

await t.test("what stands in its place is left as it is, and no link is followed", (t) => {
  const folder = t.testdir({ victim: "precious", "rejects.csv": t.fixture("symlink", "victim") });
  t.throws(() => new RejectLog(join(folder, "rejects.csv")), { code: "EEXIST" });
  t.equal(fs.readFileSync(join(folder, "victim"), "utf8"), "precious");
  t.end();
});

await t.test("a text that a spreadsheet takes for a formula gets an apostrophe in front", (t) => {
  const path = join(t.testdir(), "rejects.csv");
  const log = new RejectLog(path);
  const texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"];
  for (const text of texts) log.write(text, 2, "malformed", text, { file: text, line: 1 });
  log.write("1/a=b.csv", 3, "malformed", "a-b");
  log.close();
  const shown = ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", '"\'\r=1"', '"\'\n=1"', "'＝1"];
  const lines = shown.map((text) => `${text},2,malformed,${text},${text},1\n`);
  t.equal(fs.readFileSync(path, "utf8"), `${HEADER}${lines.join("")}1/a=b.csv,3,malformed,a-b,,\n`);
  t.end();
});

await t.test("commas, quotes and line breaks are quoted as RFC 4180 wants it", (t) => {
  const path = join(t.testdir(), "rejects.csv");
  const log = new RejectLog(path);
  const reasons = ["a, b", 'say "b"', "two\nlines", "a\rb", "plain; text's", "zwölf €"];
  for (const reason of reasons) log.write("1/a,b.csv", 2, "malformed", reason, { file: 'c"d.csv', line: 1 });
  log.close();
  const quoted = ['"a, b"', '"say ""b"""', '"two\nlines"', '"a\rb"', "plain; text's", "zwölf €"];
  t.equal(
    fs.readFileSync(path, "utf8"),
    HEADER + quoted.map((reason) => `"1/a,b.csv",2,malformed,${reason},"c""d.csv",1\n`).join(""),
  );
  t.end();
});

await t.test("many rejects are all written, in their order", (t) => {
  const path = join(t.testdir(), "rejects.csv");
  const log = new RejectLog(path);
  const reason = "ü".repeat(50);
  let expected = HEADER;
  for (let line = 2; line < 5000; line++) {
    log.write("1/clicks.csv", line, "malformed", reason);
    expected += `1/clicks.csv,${line},malformed,${reason},,\n`;
  }
  log.close();
  t.ok(fs.readFileSync(path, "utf8") === expected);
  t.end();
});

await t.test("a closed log is on disk", async (t) => {
  const path = join(t.testdir(), "rejects.csv");
  const sizes: number[] = [];
  const flush = (descriptor: number): void => {
    sizes.push(fs.fstatSync(descriptor).size);
    fs.fsyncSync(descriptor);
  };
  const { RejectLog: Watched } = await t.mockImport<typeof import("../../../build/count/rejects.js")>(
    import.meta.resolve("../../../build/count/rejects.js"),
    {
      "node:fs": { ...fs, fsyncSync: flush },
    },
  );
  new Watched(path).close();
  t.strictSame(sizes, [HEADER.length], "it is flushed once, after all was written");
});
