/** Tells the engine that the tests of the public port meet: the setting ENGINE, or uWebSockets.js without it. */
import { ENGINES, type Engine } from "../../../src/server/engine.js";

export const ENGINE: Engine = ENGINES.find((engine) => engine === process.env["ENGINE"]) ?? "uws";
