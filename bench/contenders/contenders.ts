/** All contenders, in the order of the tables. */
import { bareHandler } from "./bare-handler.js";
import { billboard, billboardAgain, billboardAllWorkers } from "./billboard.js";
import type { Contender, Stage } from "./contender.js";
import { databases } from "./database.js";
import { fastify } from "./fastify.js";
import { nginxBillboard, nginxStatic } from "./nginx.js";
import { nodeHttp } from "./node-http.js";

export { billboardOn } from "./billboard.js";

export function contendersOf(stage: Stage): readonly Contender[] {
  return [
    billboard(stage),
    billboardAgain(stage),
    billboardAllWorkers(stage),
    bareHandler(stage),
    nginxStatic(stage),
    nginxBillboard(stage),
    nodeHttp(stage),
    fastify(stage),
    ...databases(stage),
  ];
}
