import t from "tap";
import { MAX_SHARED_PAGE, PageBuffer, pageStart } from "../../../src/response/page.js";

const START = pageStart(true);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

await t.test("a page is its start and its own end, whatever was asked before", (t) => {
  const pages = new PageBuffer(START);
  for (const end of ["one", "another", "two", "", "one"]) t.equal(text(pages.pageWith(Buffer.from(end))), START + end);
  t.end();
});

await t.test("pages share their bytes, up to a length that the server is done with at once", (t) => {
  const pages = new PageBuffer(START);
  const room = MAX_SHARED_PAGE - Buffer.byteLength(START);
  const [full, long] = [Buffer.alloc(room, "a"), Buffer.alloc(room + 1, "b")];
  const shared = pages.pageWith(full);
  t.equal(shared.length, MAX_SHARED_PAGE);
  t.equal(text(shared), START + text(full));
  const kept = pages.pageWith(long);
  pages.pageWith(Buffer.from("one"));
  t.equal(text(kept), START + text(long), "it stays");
  t.equal(text(shared).slice(START.length, START.length + 4), "onea", "it held until the next");
  t.end();
});
