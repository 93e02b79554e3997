/** Puts an index where replicas get it, and beside it what belongs to it, in the order in which they need it. */
import { piecesOf, type OpenedIndex } from "../index/load.js";
import { besideAddress, shownAddress } from "./address.js";
import { put, type Content } from "./put.js";
import { requireOneRequest, s3Request, type S3Environment } from "./s3.js";
import { SIGNATURE_SUFFIX } from "./signature.js";
import { SWITCH_SUFFIX } from "./switch.js";

export interface Destination {
  readonly address: URL;
  readonly token: string | undefined;
  readonly environment: S3Environment;
  /** For what neither moves on nor is answered. */
  readonly timeoutMs: number;
}

export interface Sent {
  readonly opened: OpenedIndex;
  /** The texts of the files beside it. */
  readonly signature: string | undefined;
  readonly switchTo: string | undefined;
}

/** The index goes last: whoever sees it finds the others. @throws Error of one line that names the address */
export async function publishTo(destination: Destination, { opened, signature, switchTo }: Sent): Promise<void> {
  const { address, environment } = destination;
  if (address.protocol === "s3:") requireOneRequest(opened.length, environment);
  for (const [suffix, text] of [
    [SIGNATURE_SUFFIX, signature],
    [SWITCH_SUFFIX, switchTo],
  ] as const)
    if (text !== undefined) await putAt(besideAddress(address, suffix), lineContent(text), destination);
  try {
    await putAt(address, indexContent(opened), destination);
  } catch (error) {
    if (signature === undefined) throw error;
    const what = "its new signature is there already, beside the index before: publish again";
    throw new Error(`${(error as Error).message}; ${what}`, { cause: error });
  }
}

function lineContent(text: string): Content {
  const bytes = Buffer.from(text);
  return { type: "application/json", length: bytes.length, pieces: [bytes] };
}

function indexContent({ handle, length }: OpenedIndex): Content {
  return { type: "application/octet-stream", length, pieces: piecesOf(handle, 0, length) };
}

async function putAt(address: URL, content: Content, destination: Destination): Promise<void> {
  const { token, environment, timeoutMs } = destination;
  const request =
    address.protocol === "s3:"
      ? await s3Request(address, { method: "PUT" }, environment)
      : new Request(address, { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });
  try {
    await put(request, content, timeoutMs);
  } catch (error) {
    throw new Error(`${shownAddress(address)}: ${(error as Error).message}`, { cause: error });
  }
}
