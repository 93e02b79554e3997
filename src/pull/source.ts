/** Asks the address from which an index comes: with the token, signed for an object store, through redirects. */
import { besideAddress, shownAddress } from "./address.js";
import { s3Request, type S3Environment } from "./s3.js";

const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** There was no answer, or one that is no index and no sign of a wrong one: a later try may be luckier. */
export class SourceError extends Error {
  override readonly name = "SourceError";
}

export type RequestHeaders = Readonly<Record<string, string>>;

export class IndexSource {
  readonly #address: URL;
  readonly #token: string | undefined;
  readonly #environment: S3Environment;

  constructor(address: URL, token: string | undefined, environment: S3Environment) {
    this.#address = address;
    this.#token = token;
    this.#environment = environment;
  }

  /** For logs and people: without the query, in which a presigned address has its secret. */
  get shown(): string {
    return shownAddress(this.#address);
  }

  /**
   * Answers with whatever status but a redirect.
   * @param suffix "" for the index, or that of a file beside it
   * @throws SourceError, or the signal's reason
   */
  async get(suffix: string, headers: RequestHeaders, signal: AbortSignal): Promise<Response> {
    const address = suffix === "" ? this.#address : besideAddress(this.#address, suffix);
    try {
      return await this.#follow(address, headers, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SourceError) throw error;
      throw new SourceError(`${shownAddress(address)}: no answer: ${reasonOf(error)}`, { cause: error });
    }
  }

  async #follow(first: URL, headers: RequestHeaders, signal: AbortSignal): Promise<Response> {
    let address = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await fetch(await this.#request(address, headers, signal));
      if (!REDIRECTS.includes(response.status)) return response;
      await response.body?.cancel();
      address = this.#target(address, response);
    }
    throw new SourceError(`${shownAddress(first)}: it redirects more than ${MAX_REDIRECTS} times`);
  }

  async #request(address: URL, headers: RequestHeaders, signal: AbortSignal): Promise<Request> {
    // What is compressed on the way cannot go on from where it was cut.
    const init = { headers: { "Accept-Encoding": "identity", ...headers }, redirect: "manual", signal } as const;
    if (address.protocol === "s3:") return s3Request(address, init, this.#environment);
    const isOwn = address.origin === this.#address.origin;
    const token = this.#token !== undefined && isOwn ? { Authorization: `Bearer ${this.#token}` } : {};
    return new Request(address, { ...init, headers: { ...init.headers, ...token } });
  }

  #target(address: URL, response: Response): URL {
    const location = response.headers.get("location") ?? "";
    const from = `${shownAddress(address)}: it answers ${response.status}`;
    if (address.protocol === "s3:")
      throw new SourceError(`${from}, which a store does where the bucket is in another region than AWS_REGION`);
    if (location === "" || !URL.canParse(location, address.href)) throw new SourceError(`${from} without an address`);
    const target = new URL(location, address.href);
    if (!["http:", "https:"].includes(target.protocol)) throw new SourceError(`${from}, to ${target.protocol}`);
    if (target.username !== "" || target.password !== "")
      throw new SourceError(`${from}, to ${shownAddress(target)} with a user or password`);
    if (address.protocol === "https:" && target.protocol === "http:")
      throw new SourceError(`${from}, to ${shownAddress(target)}, which is not encrypted`);
    return target;
  }
}

/** `fetch` says only that it failed; why is in what caused it, or in each of several tries. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  return error.message.split("\n", 1)[0] || error.name;
}
