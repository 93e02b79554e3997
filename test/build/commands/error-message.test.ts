import t from "tap";
import { InterruptedError, messageOf } from "../../../build/commands/error-message.js";
import { DataError } from "../../../build/read/data-error.js";
import { FolderBusyError } from "../../../src/index/lock/folder-busy.js";
import { LoadIndexError } from "../../../src/index/load.js";

await t.test("errors whose message is complete are told as they are", (t) => {
  const busy = new FolderBusyError("b", "7");
  for (const error of [new DataError("a"), busy, new LoadIndexError("c"), new InterruptedError()])
    t.equal(messageOf(error, "out"), error.message);
  t.end();
});

await t.test("errors of the file system have the path and a remedy", (t) => {
  const error = (code: string, path?: string): Error =>
    Object.assign(new Error(`${code}: no`), { code, ...(path !== undefined && { path }) });
  t.equal(messageOf(error("ENOSPC"), "out"), "out: ENOSPC: no: free space there; nothing is published");
  t.equal(
    messageOf(error("EACCES", "out/a"), "out"),
    "out/a: EACCES: no: give this user the permission; nothing is published",
  );
  t.equal(messageOf(error("EXYZ"), "out"), "out: EXYZ: no: correct it and start again; nothing is published");
  t.end();
});

await t.test("an unexpected error is not explained, so that the command shows where it was", (t) => {
  t.equal(messageOf(new TypeError("x is undefined"), "out"), undefined);
  t.equal(messageOf(new Error("1 rows read, but 0 used and 0 rejected"), "out"), undefined);
  t.end();
});
