/** Makes the signed request for an object of S3, or of a store that speaks as S3 does. */
import { AwsV4Signer } from "aws4fetch";
import { UsageError } from "../options/options.js";

/** As the programs of AWS have them; an empty one counts as none. */
export const S3_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_REGION",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL",
] as const;

export type S3Environment = { readonly [Name in (typeof S3_VARIABLES)[number]]?: string | undefined };

/** Above all without a port: that of the endpoint holds. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What stores that have no regions take. */
const ANY_REGION = "us-east-1";

/** @param address `s3://bucket/key` @throws UsageError where the environment lacks what is needed */
export async function s3Request(address: URL, init: RequestInit, environment: S3Environment): Promise<Request> {
  const url = objectUrl(address, environment);
  const { method, headers, body } = init;
  const signer = new AwsV4Signer({
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    url: url.href,
    accessKeyId: required("AWS_ACCESS_KEY_ID", environment),
    secretAccessKey: required("AWS_SECRET_ACCESS_KEY", environment),
    ...(environment.AWS_SESSION_TOKEN ? { sessionToken: environment.AWS_SESSION_TOKEN } : {}),
    service: "s3",
    region: regionOf(environment),
  });
  const signed = await signer.sign();
  const request = { ...init, method: signed.method, headers: signed.headers };
  return new Request(signed.url, body === undefined ? request : { ...request, duplex: "half" });
}

function required(name: keyof S3Environment, environment: S3Environment): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new UsageError(`${name} is not set, and an address of s3:// needs it`);
  return value;
}

function endpointOf({ AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL }: S3Environment): URL | undefined {
  const text = AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL;
  if (!text) return undefined;
  if (!/^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/i.test(text) || !URL.canParse(text)) {
    const name = AWS_ENDPOINT_URL_S3 ? "AWS_ENDPOINT_URL_S3" : "AWS_ENDPOINT_URL";
    throw new UsageError(`${name}: got ${JSON.stringify(text)}, expected an address such as https://host:9000`);
  }
  return new URL(text);
}

function regionOf(environment: S3Environment): string {
  if (endpointOf(environment) !== undefined) return environment.AWS_REGION || ANY_REGION;
  const region = required("AWS_REGION", environment);
  // It becomes a part of the host's name.
  if (!/^[a-z0-9-]+$/.test(region))
    throw new UsageError(`AWS_REGION: got ${JSON.stringify(region)}, expected one such as eu-central-1`);
  return region;
}

/** Path-style where an endpoint is given, which may have no host for each bucket. */
function objectUrl(address: URL, environment: S3Environment): URL {
  const bucket = address.host;
  const key = escapedKey(address.pathname);
  if (address.protocol !== "s3:" || !BUCKET.test(bucket) || key.length < 2)
    throw new UsageError(`got ${JSON.stringify(address.href)}, expected an address such as s3://bucket/index.bin`);
  const endpoint = endpointOf(environment);
  if (endpoint !== undefined) return new URL(`${endpoint.href.replace(/\/$/, "")}/${bucket}${key}`);
  const region = regionOf(environment);
  const host = `s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  // The certificate is for one label before the host's name, and a bucket with dots has more.
  return new URL(bucket.includes(".") ? `https://${host}/${bucket}${key}` : `https://${bucket}.${host}${key}`);
}

/** A plus is escaped, which some stores read as a blank. */
function escapedKey(pathname: string): string {
  return pathname.replaceAll("+", "%2B");
}

/** What one PUT to AWS may have. */
const MAX_AWS_BYTES = 5 * 2 ** 30;

/** @throws Error of one line */
export function requireOneRequest(length: number, environment: S3Environment): void {
  if (length > MAX_AWS_BYTES && endpointOf(environment) === undefined)
    throw new Error(
      `the index has ${length} bytes, and AWS takes ${MAX_AWS_BYTES} in one request: put it there with \`aws s3 cp\`, last`,
    );
}
