import { createHash } from "node:crypto";
import { join } from "node:path";
import t from "tap";
import { Connection } from "../server/connection.js";
import { FIRST, publish } from "../published.js";
import { RunningServer } from "../running-server.js";
import { unrecordedAnswers } from "./unrecorded-answers.js";

/**
 * Of the answers of each route, by the commit before there was recording (e2f12b5): its own modules were put behind
 * `unrecorded-answers.ts`, and the answers hashed as here. `embed.js` is left out: since then it takes links below the
 * server's address too.
 */
const DIGESTS: Readonly<Record<string, string>> = {
  "/campaigns/7": "6821799fbf259a500771fc293b281f09ad47cbd840826c95fc52785214e69033",
  "/campaigns/7/": "a4c713e856d8e1f5a9c3010b476082db615865fb76c83221e626bd1cfbfaa748",
  "/campaigns/7/banner": "b756e02277117d2c16a1a11c54cac1a80730e9ebde9951484e83a032de1e4a76",
  "/campaigns/7/banner.json": "02b586a8306c9023dfead09ce2b3903df202d66ead2bd174de5396a4b907c206",
  "/campaigns/7/banner.json?last=104.103": "896fbd26ed8e6e7c14a63fefb2b47179c8d7612ac5a8772ee1a486e0133e21d4",
  "/campaigns/9/": "fe7554e074cc6e44223b6c07bfdc83df653a9112063f868161f43e65a25eb081",
  "/campaigns/9/banner.json": "1ffb1c94cf1fba39782c0f70157d810ff709936d2fa0e446f2989ce2f411e0d1",
  "/campaigns/4294967295/": "679bf7b59a27bfae69522d96c8647cd551c260d38986252895332651ca4f7877",
  "/campaigns/4294967295/banner.json": "68d0b41bdc8b1233ef57235adcdbb9eebc1521133bff22746c75501f23541297",
  "/campaigns/5/": "0ca0dad38f6bc1a017d162334e874adc9597b3f8172ea237be1a14336c416b69",
  "/campaigns/5/banner": "4e5955e61f6a5f6fc70708d9b9bf6d024b6f6656a7d8ca44ec39274e2faac72b",
  "/campaigns/5/banner.json": "52de1d3f7a16af0959f91e9f1f324834d9da1ea03389d24c377d1c472643d95d",
  "/campaigns/07/": "60b4b9b4b057dfc8e873558c5a33ab0dcc8cdadfd76d7245251e7ef9d561942d",
  "/campaigns/banners/image_100.png": "757a269c760bc7ac68bdd22f2fcc1a8cccc4d108f0d1cfd2c2487c09a0c26fd0",
  "/campaigns/banners/image_101.svg": "4fb4b2e718f9beb7e942fdeb5998aa1c2a702921e754762bcb2ba5bc408e788f",
  "/campaigns/banners/image_999.png": "7ccc637efd80913821e493ee31a9a0387ab536b4a39c7f35f67f65a150d5db8e",
  "/campaigns/7/click": "beb2cd8d99ee5639e97cb41896052568b410cf4623aa77df0bbcb65d4dd730f0",
  "/campaigns/7/click/100?d=00000000000000000000000000000000":
    "83f9ae8fe1e8c652ea27195811433a1add3590480614b550ec2906cfa0689df7",
  "/campaigns/7/other": "e7e0286d9e2f16e6abe4dfddba2ea33bc0bb35f791ac37babd9f6e14da69481c",
  "/": "184ff1036e98446a1dece5f6552c75d74b91e19bdd5390d185fca769f5df12e8",
  "/other": "7df57c57523ffc838d93913097177d4bdc48ecb4552ecf6443d5dfadc653d16c",
};

const digestOf = (answers: readonly string[]): string => createHash("sha256").update(answers.join("\n")).digest("hex");

await t.test("where nothing is recorded, all answers have the bytes that they had before there was recording", (t) => {
  const byPath = new Map<string, string[]>();
  for (const [request, answer] of unrecordedAnswers()) {
    const path = request.replace(/^.* (GET|HEAD|OTHER) | \d$/g, "");
    byPath.set(path, [...(byPath.get(path) ?? []), `${request} ${answer}`]);
  }
  t.same(Object.fromEntries([...byPath].map(([path, answers]) => [path, digestOf(answers)])), DIGESTS);
  t.end();
});

await t.test("then a running server answers the address of a click as any unknown address", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2" });
  const { port, adminPort } = await server.next("ready");
  const connection = await Connection.open(Number(port));
  const answers = [];
  for (const method of ["GET", "HEAD", "POST"])
    for (const path of ["other", "click", "click/100", `click/100?d=${"0".repeat(32)}`]) {
      connection.send(`${method} /campaigns/1/${path} HTTP/1.1`, "Cookie: last_decision=100.");
      const { status, headers, body } = await connection.answer(method !== "HEAD");
      answers.push({ method, status, headers: { ...headers, date: "" }, body: body.toString() });
    }
  for (const [at, answer] of answers.entries()) t.same(answer, answers[at - (at % 4)], `${at}`);
  t.same(
    answers.filter((_, at) => at % 4 === 0).map(({ status }) => status),
    [404, 404, 405],
  );
  const status = (await (await fetch(`http://127.0.0.1:${String(adminPort)}/status.json`)).json()) as object;
  t.notOk("recording" in status);
  connection.socket.destroy();
  t.equal(await server.stop(), 0);
});
