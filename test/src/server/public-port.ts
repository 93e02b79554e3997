/** The public port in the test's own process, where the moment and the chance are the test's to say. */
import type { Test } from "tap";
import type { Router } from "../../../src/response/router.js";
import { openServer } from "../../../src/server/engine.js";
import { ENGINE } from "./tested-engine.js";

/** Until the test ends; a fault fails the test. */
export async function openPublicPort(t: Test, router: Router): Promise<number> {
  const server = await openServer(ENGINE, { router, events: { onError: (error) => void t.fail(String(error)) } });
  t.teardown(() => {
    server.close();
  });
  return server.listen("127.0.0.1", 0);
}
