import t from "tap";
import { requireOneRequest, s3Request, type S3Environment } from "../../../src/pull/s3.js";

const KEYS = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "do not show" };
const FRANKFURT = { ...KEYS, AWS_REGION: "eu-central-1" };
const OWN = { ...KEYS, AWS_ENDPOINT_URL: "http://127.0.0.1:9000" };

async function urlOf(address: string, environment: S3Environment): Promise<string> {
  return (await s3Request(new URL(address), {}, environment)).url;
}

await t.test("a bucket of AWS is a host of its region, unless its certificate would not fit", async (t) => {
  t.equal(await urlOf("s3://b-1/a/index.bin", FRANKFURT), "https://b-1.s3.eu-central-1.amazonaws.com/a/index.bin");
  t.equal(await urlOf("s3://b.1/index.bin", FRANKFURT), "https://s3.eu-central-1.amazonaws.com/b.1/index.bin");
  t.equal(await urlOf("s3://b/k", { ...KEYS, AWS_REGION: "cn-north-1" }), "https://b.s3.cn-north-1.amazonaws.com.cn/k");
  t.equal(await urlOf("s3://b/a+b%20c", FRANKFURT), "https://b.s3.eu-central-1.amazonaws.com/a%2Bb%20c");
});

await t.test("where an endpoint is given, the bucket is the first part of the path", async (t) => {
  t.equal(await urlOf("s3://b/a/index.bin", OWN), "http://127.0.0.1:9000/b/a/index.bin");
  t.equal(await urlOf("s3://b/k", { ...OWN, AWS_ENDPOINT_URL_S3: "https://s3.test/x/" }), "https://s3.test/x/b/k");
  t.equal(await urlOf("s3://b/k", { ...OWN, AWS_ENDPOINT_URL_S3: "" }), "http://127.0.0.1:9000/b/k");
});

await t.test("the request is signed, and has what it was given", async (t) => {
  const init = { method: "PUT", headers: { "If-None-Match": '"x"' }, body: "text" };
  const request = await s3Request(new URL("s3://b/k"), init, { ...FRANKFURT, AWS_SESSION_TOKEN: "session" });
  t.equal(request.method, "PUT");
  t.equal(await request.text(), "text");
  t.equal(request.headers.get("If-None-Match"), '"x"');
  t.equal(request.headers.get("X-Amz-Security-Token"), "session");
  t.match(
    request.headers.get("Authorization"),
    /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=host;if-none-match;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
  );
  const plain = await s3Request(new URL("s3://b/k"), {}, OWN);
  t.equal(plain.method, "GET");
  t.notOk(plain.headers.has("X-Amz-Security-Token"));
  t.match(plain.headers.get("Authorization"), /\/us-east-1\/s3\//);
  const own = await s3Request(new URL("s3://b/k"), {}, { ...OWN, AWS_REGION: "garage" });
  t.match(own.headers.get("Authorization"), /\/garage\/s3\//);
});

await t.test("what is missing or wrong is one line that shows no secret", async (t) => {
  const { signal } = new AbortController();
  const request = (address: string, environment: S3Environment): Promise<Request> =>
    s3Request(new URL(address), { signal }, environment);
  for (const [environment, message] of [
    [{}, /^AWS_REGION is not set, and an address of s3:\/\/ needs it$/],
    [{ ...FRANKFURT, AWS_ACCESS_KEY_ID: "" }, /^AWS_ACCESS_KEY_ID is not set, /],
    [{ ...FRANKFURT, AWS_SECRET_ACCESS_KEY: undefined }, /^AWS_SECRET_ACCESS_KEY is not set, /],
    [{ ...KEYS, AWS_REGION: "evil.test/" }, /^AWS_REGION: got "evil\.test\/", expected one such as eu-central-1$/],
    [{ ...OWN, AWS_ENDPOINT_URL: "minio:9000" }, /^AWS_ENDPOINT_URL: got "minio:9000", expected an address such as /],
    [{ ...OWN, AWS_ENDPOINT_URL_S3: "http://u:p@h" }, /^AWS_ENDPOINT_URL_S3: got /],
  ] as const)
    await t.rejects(request("s3://b/k", environment), { message });
  for (const bad of ["s3://b", "s3://b/", "s3://b:9000/k", "https://b/k"])
    await t.rejects(request(bad, FRANKFURT), { message: /^got ".*", expected an address such as s3:\/\/bucket/ }, bad);
});

await t.test("what AWS does not take in one request is told before, with what does it", (t) => {
  const most = 5_368_709_120;
  t.doesNotThrow(() => {
    requireOneRequest(most, FRANKFURT);
    requireOneRequest(most + 1, OWN);
  });
  t.throws(
    () => {
      requireOneRequest(most + 1, FRANKFURT);
    },
    new Error(
      `the index has ${most + 1} bytes, and AWS takes ${most} in one request: put it there with \`aws s3 cp\`, last`,
    ),
  );
  t.end();
});
