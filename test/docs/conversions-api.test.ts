/** Holds every response of the conversions' port against docs/conversions-api.yaml, and that against the responses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import t, { type Test } from "tap";
import { parse } from "yaml";
import { CONVERSION_TYPES, MAX_BODY } from "../../src/intake/conversion-request.js";
import { CONVERSION_FIELDS, MAX_BATCH, MAX_REVENUE_LENGTH, rowsOfJson } from "../../src/intake/conversion-rows.js";
import { RecordingUnavailableError } from "../../src/recording/unavailable.js";
import { MAX_TEXT_ID_BYTES } from "../../src/index/text-ids.js";
import { startConversions, type ConversionsSetting } from "../src/intake/running-conversions.js";
import { ApiDescription, ROOT } from "./api-description.js";

const FILE = "docs/conversions-api.yaml";
const description = new ApiDescription(FILE, false);

const JSON_TYPE = { "Content-Type": "application/json" };
const ONE = { conversion_id: "o-1", click_id: "c", revenue: "12.50" };

type Ask = (method: string, address: string, headers?: Record<string, string>, body?: string) => Promise<number>;

/** Asks, and has what is wrong with the response by the description fail the test. */
async function described(t: Pick<Test, "teardown" | "same">, setting: ConversionsSetting = {}): Promise<Ask> {
  const { send } = await startConversions(t, setting);
  return async (method, address, headers = {}, body) => {
    const answer = await send(method, address, headers, body);
    const sent = Object.entries(answer.headers).filter(([name]) => name !== "connection" && name !== "keep-alive");
    const received = {
      status: answer.status,
      headers: Object.fromEntries(sent.map(([name, value]) => [name, String(value)])),
      body: Buffer.from(answer.text),
    };
    t.same(description.faultsOf({ method, address }, received), [], `${method} ${address} ${JSON.stringify(headers)}`);
    return answer.status;
  };
}

const post = (ask: Ask, body: unknown, headers: Record<string, string> = JSON_TYPE): Promise<number> => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return ask("POST", "/conversions", { ...headers, "Content-Length": String(Buffer.byteLength(text)) }, text);
};

await t.test("what is recorded, and what is refused", async (t) => {
  const ask = await described(t);
  for (const body of [ONE, [ONE, ONE]]) t.equal(await post(ask, body), 202);
  const form = new URLSearchParams(ONE).toString();
  t.equal(await post(ask, form, { "Content-Type": "application/x-www-form-urlencoded" }), 202);
  for (const body of ["", [], { ...ONE, revenue: 1e21 }, [ONE, { ...ONE, click_id: "" }], [ONE, {}]])
    t.equal(await post(ask, body), 400);
  t.equal(await post(ask, ONE, { ...JSON_TYPE, Origin: "https://www.example.com" }), 403);
  t.equal(await ask("POST", "/conversions", { ...JSON_TYPE, "Transfer-Encoding": "chunked" }), 411);
  t.equal(await post(ask, "x".repeat(MAX_BODY + 1)), 413);
  t.equal(await post(ask, ONE, { "Content-Type": "text/csv" }), 415);
});

await t.test("what is asked of those without the token", async (t) => {
  const ask = await described(t, { token: "a-token-of-the-tests" });
  t.equal(await post(ask, ONE), 401);
  const wrong = { ...JSON_TYPE, Authorization: "Bearer another" };
  t.equal(await post(ask, ONE, wrong), 401);
});

await t.test("what cannot be recorded", async (t) => {
  for (const [error, status] of [
    [new RecordingUnavailableError("the disk is full"), 503],
    [new Error("unforeseen"), 500],
  ] as const)
    t.equal(await post(await described(t, { record: () => Promise.reject(error) }), ONE), status);
});

await t.test("any other address, and any other method", async (t) => {
  const ask = await described(t);
  for (const address of ["/", "/conversions/", "/openapi.yaml"]) t.equal(await ask("GET", address), 404);
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
    t.equal(await ask(method, "/conversions"), 405, method);
});

await t.test("whatever is described has come, and whatever need not be there was absent", (t) => {
  t.same(description.unseen(), []);
  t.end();
});

interface Schema {
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
}

interface Described {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, { readonly post: { readonly requestBody: { readonly content: object } } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const document = parse(readFileSync(join(ROOT, FILE), "utf8")) as Described;

await t.test("names and bounds are those of the code", (t) => {
  const { schemas } = document.components;
  t.same(schemas["Conversion"]!.required, CONVERSION_FIELDS);
  t.same(schemas["MalformedConversion"]!.properties!["field"]!.enum, CONVERSION_FIELDS);
  t.equal(schemas["Batch"]!.maxItems, MAX_BATCH);
  t.equal(schemas["Recorded"]!.properties!["recorded"]!.maximum, MAX_BATCH);
  t.equal(schemas["MalformedConversion"]!.properties!["row"]!.maximum, MAX_BATCH);
  t.equal(schemas["TextId"]!.maxLength, MAX_TEXT_ID_BYTES);
  t.equal(schemas["Conversion"]!.properties!["revenue"]!.oneOf![0]!.maxLength, MAX_REVENUE_LENGTH);
  t.same(Object.keys(document.paths["/conversions"]!.post.requestBody.content), CONVERSION_TYPES);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  t.equal(document.info.version, version);
  t.end();
});

await t.test("what the description allows is taken, and what it refuses is refused", (t) => {
  const ajv = new Ajv2020();
  ajv.addVocabulary(Object.keys(document));
  ajv.addSchema(document, "api");
  const isTaken = (value: unknown): boolean => {
    try {
      return rowsOfJson(JSON.stringify(value)).length > 0;
    } catch {
      return false;
    }
  };
  const values: [value: unknown, isAllowed: boolean][] = [
    [ONE, true],
    [[ONE, { ...ONE, more: null }], true],
    [{ conversion_id: 1, click_id: -7, revenue: -0.25 }, true],
    ...[".5", "+1.", "0", "-1.500000000"].map((revenue): [unknown, boolean] => [{ ...ONE, revenue }, true]),
    ...["1e3", "1,5", "", "+", ".", "0".repeat(65)].map((revenue): [unknown, boolean] => [{ ...ONE, revenue }, false]),
    [{ ...ONE, revenue: 1e13 }, false],
    [{ ...ONE, conversion_id: 1.5 }, false],
    [{ ...ONE, click_id: "" }, false],
    [{ ...ONE, click_id: "x".repeat(129) }, false],
    [{ ...ONE, click_id: null }, false],
    [{ conversion_id: "a", click_id: "b" }, false],
    [[], false],
    [Array.from({ length: 1001 }, () => ONE), false],
    [ONE.conversion_id, false],
  ];
  const pointer = "api#/paths/~1conversions/post/requestBody/content/application~1json/schema";
  const validate = ajv.compile({ $ref: pointer });
  for (const [value, isAllowed] of values) {
    const text = JSON.stringify(value).slice(0, 100);
    t.equal(validate(value), isAllowed, text);
    t.equal(isTaken(value), isAllowed, text);
  }
  t.end();
});
