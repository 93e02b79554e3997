/** The program of `node-http`. */
import { createServer } from "node:http";
import { loadIndex } from "../../src/index/load.js";
import { LookUp } from "./look-up.js";
import { taskOf } from "./server-program.js";

const ADDRESS = /^\/campaigns\/([1-9]\d{0,9})\/?$/;

const { port, index, page } = taskOf();
const lookUp = new LookUp(await loadIndex(index));
// Names and values in one row, as `writeHead` takes them with least work.
const constant = page.headers.filter(([name]) => name !== "Set-Cookie").flat();
const server = createServer((request, response) => {
  const [, campaign] = ADDRESS.exec(request.url!) ?? [];
  const found = campaign === undefined ? undefined : lookUp.page(campaign, request.headers.cookie ?? "");
  if (found === undefined) {
    response.writeHead(404).end("Campaign not found.\n");
    return;
  }
  const { body, cookie } = found;
  response.writeHead(200, [...constant, "Set-Cookie", cookie, "Content-Length", String(body.length)]);
  response.end(body);
});
server.listen(port, "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
