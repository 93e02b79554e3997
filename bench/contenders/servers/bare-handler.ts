/** Answers with constant bytes and reads nothing, on uWebSockets.js: the limit of the stack. */
import uWS from "uWebSockets.js";
import type { ServerTask } from "../contender.js";

const { port, page } = JSON.parse(process.argv[2]!) as ServerTask;
// The fastest form that was found: one piece for status and headers, one for the body, both as bytes.
const lines = ["200 OK", ...page.headers.map(([name, value]) => `${name}: ${value}`)];
const head = Buffer.from(lines.join("\r\n"), "latin1");
const body = Buffer.from(page.body, "latin1");
const app = uWS.App().get("/*", (response) => {
  response.writeStatus(head);
  response.end(body);
});
app.listen("127.0.0.1", port, (socket) => {
  if (!socket) process.exit(1);
});
process.once("SIGTERM", () => process.exit(0));
