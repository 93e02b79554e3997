import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { findProgram } from "../../bench/contenders/programs.js";
import { publicKeyOf, verifySignature } from "../../src/pull/signature.js";
import { freePort } from "../../tools/free-port.js";
import { ProxyProcess } from "../deploy/proxy-process.js";
import { substituted } from "../deploy/shipped.js";
import { missing } from "../needed-programs.js";
import { billboard } from "../src/billboard.js";
import { FIRST, publish } from "../src/published.js";
import { documentOf } from "./markdown.js";

const DOCUMENT = documentOf("docs/publishing.md");
const HOST = "127.0.0.1";

function nginxFile(folder: string, port: number): string {
  const [, server] = /```nginx\n(.*?)```/s.exec(DOCUMENT)!;
  const temporary = ["proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(folder, name)};`);
  return `
    ${process.getuid?.() === 0 ? "user root;" : "# An ordinary user has no choice."}
    daemon off;
    pid ${join(folder, "nginx.pid")};
    events {}
    http {
      access_log off;
      ${temporary.join("\n")}
      ${substituted(server!, { "listen 8000;": `listen ${HOST}:${port};`, "/srv/billboard-index": join(folder, "served") })}
    }
  `;
}

await t.test(
  "what the page says of signing and publishing is so, with its configuration of nginx",
  { skip: missing("nginx") },
  async (t) => {
    const folder = t.testdir({ served: {} });
    const port = await freePort();
    writeFileSync(join(folder, "nginx.conf"), nginxFile(folder, port));
    const nginx = new ProxyProcess(findProgram("nginx")!, [
      "-p",
      folder,
      "-c",
      join(folder, "nginx.conf"),
      "-e",
      "stderr",
    ]);
    t.teardown(() => nginx.stop());
    await nginx.ready(port, HOST);

    mkdirSync(join(folder, "dist-index"));
    const index = join(folder, "dist-index/index.bin");
    publish(index, FIRST);
    const key = join(folder, "sign.pem");
    const publicKey = billboard(["keygen", "--out", key]).stdout.trim();
    t.equal(publicKey.length, 44);
    t.equal(billboard(["sign", "--key", key, "--index", index, "--sequence", "1"]).status, 0);
    const token = join(folder, "token");
    const publishWith = (text: string): unknown => {
      writeFileSync(token, `${text}\n`);
      chmodSync(token, 0o600);
      const to = `http://${HOST}:${port}/index.bin`;
      return billboard(["publish", "--index", index, "--to", to], { INDEX_TOKEN_FILE: token });
    };
    for (const wrong of ["replicas-token", "Publish-Token"])
      t.match(publishWith(wrong), { status: 1, stderr: /index\.bin\.sig: the server answered 403 Forbidden: / });
    t.notOk(existsSync(join(folder, "served/index.bin")));
    t.match(publishWith("publish-token"), { status: 0, stderr: "" });
    t.ok(readFileSync(join(folder, "served/index.bin")).equals(FIRST));

    const got = await fetch(`http://${HOST}:${port}/index.bin.sig`, {
      headers: { Authorization: "Bearer replicas-token" },
    });
    t.equal(verifySignature(await got.text(), publicKeyOf(publicKey)!).sequence, 1);
    t.equal((await fetch(`http://${HOST}:${port}/index.bin`)).status, 403);
  },
);
