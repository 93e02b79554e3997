import { createHash, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buffer } from "node:stream/consumers";
import t, { type Test } from "tap";
import { decode } from "../../../src/index/format.js";
import { PIECE } from "../../../src/index/pieces.js";
import { signatureText } from "../../../src/pull/signature.js";
import { parseSwitch } from "../../../src/pull/switch.js";
import { freePort } from "../../../tools/free-port.js";
import { makeCertificate } from "../../deploy/certificate.js";
import { missing } from "../../needed-programs.js";
import { billboardBeside, type Finished } from "../billboard.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";
import { ObjectStore } from "../pull/object-store.js";
import { PutServer, type Behaviour } from "../pull/put-server.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";

const { privateKey } = generateKeyPairSync("ed25519");
const digestOf = (bytes: Uint8Array): string => decode(Uint8Array.from(bytes)).digest;
const signatureOf = (bytes: Uint8Array, sequence?: number): string =>
  signatureText({ digest: digestOf(bytes), sequence }, privateKey);

/** An index of several pieces: nothing but its images has so many bytes. */
function largeIndex(): Uint8Array {
  const bytes = Buffer.alloc(3 * PIECE + 12_345, "an image that no browser shows");
  const sha256 = createHash("sha256").update(bytes).digest();
  const image = { bytes, sha256, type: "png", extension: "png", width: 1, height: 1 } as const;
  return smallIndex(inEveryPeriod({ campaign: 1, converting: range(100, 111) }), 4, new Map([[100, image]]));
}
const LARGE = largeIndex();

async function serverOf(t: Test, behaves?: Behaviour, answersExpectation?: boolean): Promise<PutServer> {
  const server = await PutServer.start(behaves, answersExpectation);
  t.teardown(() => {
    server.stop();
  });
  return server;
}

/** A folder with an index in it. @returns the index's file */
function folderOf(t: Test, bytes: Uint8Array, signature?: string): string {
  const index = join(t.testdir(), "index.bin");
  publish(index, bytes);
  if (signature !== undefined) writeFileSync(`${index}.sig`, signature);
  return index;
}

const run = (index: string, to: string, words: readonly string[] = [], environment = {}): Promise<Finished> =>
  billboardBeside(["publish", "--index", index, "--to", to, ...words], { TZ: "UTC", ...environment });

const failure = (pattern: RegExp): unknown => ({ status: 1, stdout: "", stderr: pattern });

await t.test("an index arrives byte by byte, after its signature and its moment to switch at", async (t) => {
  const server = await serverOf(t);
  const index = folderOf(t, LARGE, signatureOf(LARGE, 7));
  const to = `${server.url}/a/index.bin`;
  const { status, stdout, stderr } = await run(index, to, ["--switch-after", "60"], { INDEX_TOKEN: "secret" });
  t.same([status, stderr], [0, ""]);
  t.match(
    stdout,
    new RegExp(
      `^${to} is now generation ${generationOf(LARGE)}, ${LARGE.length} bytes; signed, sequence 7; ` +
        "to be served from \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00\\.000Z on\\n$",
    ),
  );
  t.same(server.paths, ["/a/index.bin.sig", "/a/index.bin.switch", "/a/index.bin"]);
  const [signature, moment, sent] = server.taken;
  t.ok(sent!.body.equals(LARGE), "every byte is there, in its place");
  t.equal(sent!.headers["content-length"], String(LARGE.length));
  t.equal(sent!.headers["transfer-encoding"], undefined);
  t.equal(signature!.body.toString(), signatureOf(LARGE, 7));
  t.equal(parseSwitch(moment!.body.toString()).digest, digestOf(LARGE));
  t.same(
    server.taken.map(({ headers }) => headers.authorization),
    ["Bearer secret", "Bearer secret", "Bearer secret"],
  );
});

await t.test("without signature, token and moment, the index goes alone", async (t) => {
  const server = await serverOf(t);
  const index = folderOf(t, FIRST);
  t.same(await run(index, `${server.url}/index.bin?x=1`), {
    status: 0,
    stdout: `${server.url}/index.bin is now generation ${generationOf(FIRST)}, ${FIRST.length} bytes; not signed\n`,
    stderr: "",
  });
  t.same(server.paths, ["/index.bin?x=1"]);
  t.equal(server.taken[0]!.headers.authorization, undefined);
  writeFileSync(`${index}.sig`, signatureOf(FIRST));
  t.match((await run(index, `${server.url}/index.bin?x=1`)).stdout, /; signed, without a sequence\n$/);
  t.same(server.paths.slice(1), ["/index.bin.sig?x=1", "/index.bin?x=1"]);
});

await t.test("the moment to switch at is where a period of the zone begins, late enough", async (t) => {
  const server = await serverOf(t);
  const halves = smallIndex(inEveryPeriod({ campaign: 1, converting: range(1, 3) }, 2), 2);
  const index = folderOf(t, halves);
  for (const [zone, minutes] of [
    ["Asia/Kathmandu", [15, 45]],
    ["UTC", [0, 30]],
  ] as const) {
    const from = Date.now() + 3600_000;
    await run(index, `${server.url}/index.bin`, ["--switch-after", "3600", "--time-zone", zone]);
    const until = Date.now() + 3600_000 + 30 * 60_000;
    const moment = server.taken.findLast(({ path }) => path === "/index.bin.switch")!;
    const { at } = parseSwitch(moment.body.toString());
    t.ok(at >= from && at <= until, `${new Date(at).toISOString()} in ${zone}`);
    t.ok((minutes as readonly number[]).includes(new Date(at).getUTCMinutes()), new Date(at).toISOString());
    t.equal(at % 60_000, 0);
  }
});

await t.test("a moment that passes before the index is there is told", async (t) => {
  const index = folderOf(t, FIRST);
  const late = join(index, "../late");
  const server = await serverOf(t, ({ url }) => {
    if (url === "/index.bin") writeFileSync(late, "");
    return false;
  });
  const words = ["publish", "--index", index, "--to", `${server.url}/index.bin`, "--switch-after", "0"];
  const clock = ["--import", pathToFileURL(join(import.meta.dirname, "late-clock.js")).href];
  const { status, stdout, stderr } = await billboardBeside(words, { TZ: "UTC", LATE_FILE: late }, clock);
  t.equal(status, 0);
  t.match(stdout, / is now generation /);
  t.match(stderr, /^billboard publish: the moment to switch at passed before the index was there: [^\n]*\n$/);
});

await t.test("over TLS, a server is believed by its certificate alone", { skip: missing("openssl") }, async (t) => {
  const index = folderOf(t, LARGE);
  const cert = makeCertificate(join(index, ".."));
  const tls = { cert: readFileSync(cert), key: readFileSync(`${cert}.key`) };
  const server = await PutServer.start(undefined, true, tls);
  t.teardown(() => {
    server.stop();
  });
  const to = `${server.url}/index.bin`;
  t.match(
    await run(index, to),
    failure(/^billboard publish: https:\/\/localhost:\d+\/index\.bin: self[- ]signed certificate[^\n]*\n$/),
  );
  t.same(server.asked, []);
  t.equal((await run(index, to, [], { NODE_EXTRA_CA_CERTS: cert })).status, 0);
  t.ok(server.taken[0]!.body.equals(LARGE));
});

await t.test("a server that refuses, or fails, is told in one line, and the index is not sent there", async (t) => {
  for (const [status, message] of [
    [401, /index\.bin\.sig: the server answered 401 Unauthorized: have it accept this token or key there\n$/],
    [403, /index\.bin\.sig: the server answered 403 Forbidden: have it accept this token or key there\n$/],
    [404, /index\.bin\.sig: the server answered 404 Not Found: make the folder or bucket first\n$/],
    [405, /index\.bin\.sig: the server answered 405 Method Not Allowed: have it take a PUT there\n$/],
    [500, /index\.bin\.sig: the server answered 500 Internal Server Error: try again, or look into its log\n$/],
  ] as const) {
    const server = await serverOf(t, (_, response) => {
      response.writeHead(status).end("<p>\x1b[31mwhatever\n");
      return true;
    });
    const finished = await run(folderOf(t, FIRST, signatureOf(FIRST)), `${server.url}/index.bin`);
    t.match(finished, failure(message), String(status));
    t.match(finished.stderr, /^billboard publish: http:[^\n]*\n$/);
    t.same(server.asked, ["PUT /index.bin.sig"]);
  }
});

await t.test("where only the index is refused, nothing of it is sent, and the line says what is there", async (t) => {
  let received = 0;
  const server = await serverOf(t, (request, response) => {
    if (request.url !== "/index.bin") return false;
    request.on("data", (piece: Buffer) => (received += piece.length));
    response.writeHead(413).end();
    return true;
  });
  t.match(
    await run(folderOf(t, LARGE, signatureOf(LARGE)), `${server.url}/index.bin`),
    failure(
      /^billboard publish: http:\S*index\.bin: the server answered 413 Payload Too Large: raise the limit of what it takes; its new signature is there already, beside the index before: publish again\n$/,
    ),
  );
  t.equal(received, 0);
  t.same(server.paths, ["/index.bin.sig"]);
});

await t.test("a redirect is not followed, since it would get the token", async (t) => {
  const other = await serverOf(t);
  const server = await serverOf(t, (_, response) => {
    response.writeHead(307, { Location: `${other.url}/index.bin?X-Amz-Signature=secret` }).end();
    return true;
  });
  const message = new RegExp(
    `index\\.bin: the server answered 307 [^\\n]*: name the address .*, ${other.url}/index\\.bin\\n$`,
  );
  t.match(await run(folderOf(t, FIRST), `${server.url}/index.bin`), failure(message));
  t.same(other.asked, []);
});

await t.test("a connection that ends half way is a failure, and nothing is taken", async (t) => {
  const server = await serverOf(t, async (request, response) => {
    response.writeContinue();
    await once(request, "data");
    request.socket.destroy();
    return true;
  });
  t.match(
    await run(folderOf(t, LARGE), `${server.url}/index.bin`),
    failure(
      new RegExp(
        `index\\.bin: the server closed the connection when \\d+ of ${LARGE.length} bytes were sent, without a response\\n$`,
      ),
    ),
  );
  t.same(server.paths, []);

  const mute = await serverOf(t, async (request) => {
    await buffer(request);
    request.socket.destroy();
    return true;
  });
  t.match(
    await run(folderOf(t, FIRST), `${mute.url}/index.bin`),
    failure(/index\.bin: the server closed the connection when all of it was sent, without a response\n$/),
  );
});

await t.test("a success that comes before all is sent is none", async (t) => {
  const server = await serverOf(t, (_, response) => {
    response.writeHead(200).end();
    return true;
  });
  t.match(
    await run(folderOf(t, LARGE), `${server.url}/index.bin`),
    failure(/index\.bin: the server answered 200 OK before it had all: [^\n]*\n$/),
  );
});

await t.test("a server that says nothing is not waited for without end", async (t) => {
  const server = await serverOf(t, () => true);
  t.match(
    await run(folderOf(t, FIRST), `${server.url}/index.bin`, ["--timeout", "1"]),
    failure(/index\.bin: nothing moved for 1 s\n$/),
  );
  t.match(
    await run(folderOf(t, FIRST), `http://127.0.0.1:${await freePort()}/index.bin`),
    failure(/index\.bin: no server answers there\n$/),
  );
});

await t.test("a server that does not know `Expect: 100-continue` gets the index all the same", async (t) => {
  const server = await serverOf(t, () => false, false);
  t.equal((await run(folderOf(t, LARGE), `${server.url}/index.bin`)).status, 0);
  t.ok(server.taken[0]!.body.equals(LARGE));
});

await t.test("an index that a server would refuse, or a signature for another one, goes nowhere", async (t) => {
  const server = await serverOf(t);
  const damaged = Uint8Array.from(LARGE);
  damaged[damaged.length - PIECE]! ^= 1;
  const remedy = "sign the index anew with `billboard sign`, or remove that file\\n$";
  for (const [bytes, signature, message] of [
    [broken(), undefined, /^billboard publish: .*index\.bin: altered: [^\n]*\n$/],
    [damaged, undefined, /^billboard publish: .*index\.bin: altered: [^\n]*\n$/],
    [FIRST.subarray(0, 1000), undefined, /^billboard publish: .*index\.bin: truncated: [^\n]*\n$/],
    [
      FIRST,
      signatureOf(SECOND),
      new RegExp(`\\.sig: is for another index, generation ${generationOf(SECOND)}: ${remedy}`),
    ],
    [FIRST, "nonsense", new RegExp(`index\\.bin\\.sig: it is no signature: [^\\n]*: ${remedy}`)],
  ] as const)
    t.match(await run(folderOf(t, bytes, signature), `${server.url}/index.bin`), failure(message));
  t.match(
    await run(join(t.testdir(), "none.bin"), `${server.url}/index.bin`),
    failure(/none\.bin: there is no index: /),
  );
  t.same(server.asked, []);
});

await t.test("wrong usage is one line, and 2, and shows no secret", async (t) => {
  const server = await serverOf(t);
  const index = folderOf(t, FIRST);
  const to = `${server.url}/index.bin`;
  const file = join(index, "../token");
  writeFileSync(file, "hidden\n", { mode: 0o600 });
  chmodSync(file, 0o644);
  const keys = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "hidden" };
  for (const [words, environment, message] of [
    [[], {}, /^billboard publish: --to: missing, expected the address to put the index at\n$/],
    [["--to", "ftp://host/index.bin"], {}, /^billboard publish: --to: got "ftp:.*", expected an address such as /],
    [["--to", "https://host/"], {}, /^billboard publish: --to: got /],
    [["--to", to, "--switch-after", "-1"], {}, /^billboard publish: .*--switch-after.*\n$/],
    [["--to", to, "--timeout", "0"], {}, /^billboard publish: --timeout: got "0", expected /],
    [
      ["--to", to],
      { INDEX_TOKEN: "hidden", INDEX_TOKEN_FILE: file },
      / INDEX_TOKEN and INDEX_TOKEN_FILE are both set: /,
    ],
    [["--to", to], { INDEX_TOKEN: "hidden word" }, / INDEX_TOKEN: its value, which is not shown, is not 1 to 4096 /],
    [["--to", to, "--index-token-file", file], {}, / INDEX_TOKEN_FILE: .*token is not taken: other users may read /],
    [
      ["--to", "s3://b/k", "--index", "none"],
      {},
      /^billboard publish: AWS_REGION is not set, and an address of s3:\/\/ needs it\n$/,
    ],
    [["--to", "s3://b/k"], { ...keys, AWS_SECRET_ACCESS_KEY: "" }, / AWS_REGION is not set, /],
    [["--to", "s3://b/k"], { ...keys, AWS_REGION: "a/b" }, / AWS_REGION: got "a\/b", expected one such as /],
  ] as const) {
    const finished = await billboardBeside(["publish", "--index", index, ...words], { TZ: "UTC", ...environment });
    t.match(finished, { status: 2, stdout: "", stderr: message }, words.join(" "));
    t.notMatch(finished.stderr, /hidden/);
  }
  t.same(server.asked, []);
});

await t.test("an object store has what was put there, and refuses what is signed with another secret", async (t) => {
  const index = folderOf(t, LARGE, signatureOf(LARGE, 7));
  const store = await ObjectStore.start(join(index, "../store"), "indexes");
  t.teardown(() => store.stop());
  const to = "s3://indexes/a%20b+c/index.bin";
  const put = (words: readonly string[], environment = {}): Promise<Finished> =>
    run(index, to, words, { ...store.environment, ...environment });
  t.match(await put([], { AWS_SECRET_ACCESS_KEY: "wrong" }), {
    ...(failure(
      /^billboard publish: s3:\S*index\.bin\.sig: the server answered 403 Forbidden \(SignatureDoesNotMatch\): [^\n]*\n$/,
    ) as object),
  });
  t.equal(store.object("indexes", "a b+c/index.bin.sig"), undefined);
  t.match(await put(["--switch-after", "0"]), {
    status: 0,
    stdout:
      /^s3:\/\/indexes\/a%20b\+c\/index\.bin is now generation \w+, \d+ bytes; signed, sequence 7; to be served from /,
    stderr: "",
  });
  t.ok(store.object("indexes", "a b+c/index.bin")!.equals(readFileSync(index)));
  t.equal(store.object("indexes", "a b+c/index.bin.sig")!.toString(), signatureOf(LARGE, 7));
  t.equal(parseSwitch(store.object("indexes", "a b+c/index.bin.switch")!.toString()).digest, digestOf(LARGE));

  const elsewhere = await run(index, "s3://none/index.bin", [], store.environment);
  t.match(elsewhere, failure(/none\/index\.bin\.sig: the server answered 404 Not Found \(NoSuchBucket\): make the /));
});
