/** A file of visits to the bytes of their requests. */
import { readFile } from "node:fs/promises";

/** @param visits lines of a path, a tab, and what the Cookie header holds, which may be nothing */
export async function readRequests(visits: string, port: number): Promise<readonly Uint8Array[]> {
  const lines = (await readFile(visits, "latin1")).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [path = "", cookie = ""] = line.split("\t");
    const cookies = cookie === "" ? "" : `Cookie: ${cookie}\r\n`;
    return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${cookies}\r\n`, "latin1");
  });
}
