/** The program of `bare-handler`. */
import uWS from "uWebSockets.js";
import { taskOf } from "./server-program.js";

const { port, page } = taskOf();
// The quickest form that was found (docs/performance.md): one piece for status and headers, one for the body, both as bytes.
const head = Buffer.from(
  ["200 OK", ...page.headers.map(([name, value]) => `${name}: ${value}`)].join("\r\n"),
  "latin1",
);
const body = Buffer.from(page.body, "latin1");
const app = uWS.App().get("/*", (response) => {
  response.writeStatus(head);
  response.end(body);
});
app.listen("127.0.0.1", port, (socket) => {
  if (!socket) process.exit(1);
});
process.once("SIGTERM", () => process.exit(0));
