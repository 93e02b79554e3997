import t from "tap";
import { besideAddress, INDEX_ADDRESS } from "../../../src/pull/address.js";

await t.test("an address of an index is one of a file over HTTP or of an object", (t) => {
  for (const good of [
    "https://host/index.bin",
    "http://127.0.0.1:8000/a/b?sig=x%2F",
    "http://[::1]:8000/index.bin",
    "s3://bucket/index.bin",
    "s3://my.bucket/a/b c".replace(" ", "%20"),
  ])
    t.equal(INDEX_ADDRESS.parse(good)?.href, good);
  for (const bad of [
    "",
    "index.bin",
    "ftp://host/index.bin",
    "file:///index.bin",
    "https://host",
    "https://host/",
    "https://host/folder/",
    "https://user:secret@host/index.bin",
    "https://user@host/index.bin",
    "https://host/index.bin#part",
    "https://host/a b",
    "https://host:99999/index.bin",
    "s3://bucket",
    "s3://bucket/",
    "s3:///index.bin",
    "s3://bucket/index.bin?version=1",
  ])
    t.equal(INDEX_ADDRESS.parse(bad), undefined, bad);
  t.end();
});

await t.test("what lies beside an index has its name with a suffix; a query stays", (t) => {
  for (const [address, beside] of [
    ["https://host/index.bin", "https://host/index.bin.sig"],
    ["https://host/a/index.bin?x=1", "https://host/a/index.bin.sig?x=1"],
    ["s3://bucket/a/index.bin", "s3://bucket/a/index.bin.sig"],
  ]) {
    const url = new URL(address!);
    t.equal(besideAddress(url, ".sig").href, beside);
    t.equal(url.href, address, "the address itself stays");
  }
  t.end();
});
