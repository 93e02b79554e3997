/** The program of a server that the benchmark's own test measures. Its port is its argument. */
import { createServer } from "node:http";

createServer((_, response) => {
  response.setHeader("Set-Cookie", "last_banner=1");
  response.end("a page");
}).listen(Number(process.argv[2]), "127.0.0.1");
