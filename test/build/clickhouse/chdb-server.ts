/**
 * Today's ClickHouse, from the npm package chdb in the folder that CHDB names, behind the part of its HTTP that a build
 * uses. Its data are in the folder that is the argument; it prints its port.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";

interface Session {
  query(statement: string, format?: string): string;
}

const { Session } = createRequire(import.meta.url)(process.env["CHDB"]!) as { Session: new (path: string) => Session };
const session = new Session(process.argv[2]!);

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += (chunk as Buffer).toString("utf8");
  return text;
}

const NO_SETTINGS = ["query", "database", "query_id", "insert_distributed_sync"];

/** What ClickHouse itself takes apart: what of the address is a setting, and which format the statement names. */
function answer(parameters: URLSearchParams, body: string): string {
  const settings = Object.entries(Object.fromEntries(parameters)).filter(([name]) => !NO_SETTINGS.includes(name));
  for (const [name, value] of settings) session.query(`SET ${name} = '${value}'`);
  const statement = `${parameters.get("query") ?? ""}\n${body}`.trim();
  const [, select = statement, format = "TabSeparated"] = /^(SELECT .*)\sFORMAT (\w+)$/s.exec(statement) ?? [];
  return session.query(select, format);
}

const server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    try {
      response.end(answer(new URL(request.url!, "http://localhost").searchParams, body));
    } catch (error) {
      response.writeHead(500).end((error as Error).message);
    }
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
