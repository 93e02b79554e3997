/** Servers that pull from a source of the test's own. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { join } from "node:path";
import type { Test } from "tap";
import { decode } from "../../../src/index/format.js";
import { publicKeyText, signatureText } from "../../../src/pull/signature.js";
import { RunningServer } from "../running-server.js";
import type { TestSource } from "./test-source.js";

export const digestOf = (bytes: Uint8Array): string => decode(Uint8Array.from(bytes)).digest;

export interface Keys {
  readonly publicKey: string;
  readonly sign: (bytes: Uint8Array, sequence?: number) => string;
}

export function newKeys(): Keys {
  const { privateKey }: { privateKey: KeyObject } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKeyText(privateKey),
    sign: (bytes, sequence) => signatureText({ digest: digestOf(bytes), sequence }, privateKey),
  };
}

/** Asks each second; two workers. */
export function pullingServer(t: Test, source: Pick<TestSource, "url">, folder: string, settings = {}): RunningServer {
  const server = new RunningServer({
    INDEX_FILE: join(folder, "index.bin"),
    INDEX_URL: source.url,
    INDEX_POLL: "1",
    WORKERS: "2",
    ...settings,
  });
  t.teardown(() => server.process.kill("SIGKILL"));
  return server;
}

export async function statusCodeOf(adminPort: unknown, path: string, method = "GET"): Promise<number> {
  return (await fetch(`http://127.0.0.1:${String(adminPort)}${path}`, { method })).status;
}

export async function servedBy(port: unknown): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${String(port)}/campaigns/1/banner.json`);
  return ((await response.json()) as { generation: string }).generation;
}
