import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";
import { RecordingUnavailableError } from "../../src/recording/unavailable.js";
import { missing } from "../needed-programs.js";
import { startConversions, type RunningConversions } from "../src/intake/running-conversions.js";
import { documentOf } from "./markdown.js";

const DOCUMENT = documentOf("docs/conversions.md");
const ADDRESS = "https://conversions.example.com/conversions";
const TOKEN = "a-token-of-the-tests";

/** The blocks of a language in the document that send something, as they would be sent to this port. */
function examples(language: string, port: number): readonly string[] {
  return [...DOCUMENT.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))]
    .map(([, block = ""]) => block)
    .filter((block) => block.includes(ADDRESS))
    .map((block) => block.replace(ADDRESS, `http://127.0.0.1:${port}/conversions`));
}

async function run(t: Test, program: string, args: readonly string[], cwd: string, token = TOKEN): Promise<string> {
  const child = spawn(program, args, { cwd, env: { ...process.env, CONVERSION_TOKEN: token } });
  t.teardown(() => child.kill());
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return child.exitCode === 0 ? output : `${child.exitCode ?? "killed"}: ${output}${errors}`;
}

/** Fails the first time. */
async function failingOnce(t: Test): Promise<RunningConversions> {
  let calls = 0;
  return startConversions(t, {
    token: TOKEN,
    record: () => (calls++ === 0 ? Promise.reject(new RecordingUnavailableError("full")) : Promise.resolve()),
  });
}

const idsIn = ({ recorded }: RunningConversions): readonly string[] =>
  recorded.flatMap((rows) => rows.map(({ conversionId }) => conversionId));

await t.test(
  "what the page has curl send is recorded, and sent again where it is not",
  { skip: missing("curl") },
  async (t) => {
    const running = await failingOnce(t);
    const folder = t.testdir({ "conversion.json": '{"conversion_id":"from-file","click_id":"c","revenue":1}' });
    const [one, form, again, batch, ...more] = examples("sh", running.port);
    t.same(more, []);
    const shell = (script: string): Promise<string> =>
      run(t, "sh", ["-c", script.replaceAll("curl ", "curl --silent ")], folder);
    t.equal(await shell(again!), '{"error":"full"}\n{"recorded":1}\n');
    for (const script of [one!, form!]) t.equal(await shell(script), '{"recorded":1}\n');
    t.equal(await shell(batch!), '{"recorded":2}\n');
    t.same(idsIn(running), ["from-file", "order-1001", "order-1002", "order-1003", "order-1003-refund"]);
  },
);

await t.test("the page's program sends again what was not recorded, and throws where it never will be", async (t) => {
  const running = await failingOnce(t);
  const folder = t.testdir({});
  const [program, ...more] = examples("js", running.port);
  t.same(more, []);
  const sends = (conversions: object, token?: string): Promise<string> => {
    writeFileSync(
      join(folder, "send.mjs"),
      `${program!}\nawait send(${JSON.stringify(conversions)});\nconsole.log("done");`,
    );
    return run(t, process.execPath, ["send.mjs"], folder, token);
  };
  t.equal(await sends([{ conversion_id: "a", click_id: "c", revenue: "0.10" }]), "done\n");
  t.match(
    await sends({ conversion_id: "b", click_id: "c", revenue: 0.1 + 0.2 }),
    /conversions: 400 \{"error":"revenue is/,
  );
  t.match(
    await sends({ conversion_id: "b", click_id: "c", revenue: 1 }, "another-token-of-them"),
    /conversions: 401 \{/,
  );
  t.same(idsIn(running), ["a"]);
  t.same(Object.fromEntries(running.server.replies), { 202: 1, 400: 1, 401: 1, 503: 1 });
});
