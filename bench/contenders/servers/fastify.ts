/** Serves Billboard's look-up on Fastify. */
import { fastify } from "fastify";
import { loadIndex } from "../../../src/index/load.js";
import type { ServerTask } from "../contender.js";
import { LookUp } from "../page.js";

const { port, index, page } = JSON.parse(process.argv[2]!) as ServerTask;
const lookUp = new LookUp(await loadIndex(index));
const constant = Object.fromEntries(page.headers.filter(([name]) => name !== "Set-Cookie"));
const app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
app.get<{ Params: { campaign: string } }>("/campaigns/:campaign", (request, reply) => {
  const found = lookUp.page(request.params.campaign, request.headers.cookie ?? "");
  if (found === undefined) return reply.code(404).send("Campaign not found.\n");
  return reply.headers(constant).header("Set-Cookie", found.cookie).send(found.body);
});
await app.listen({ host: "127.0.0.1", port });
process.once("SIGTERM", () => process.exit(0));
