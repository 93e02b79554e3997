/** Tells which HTTP library the tests meet: uWebSockets.js of Node.js 20, the newer one of others, or node:http. */
import { ENGINE } from "./tested-engine.js";

const UWS = process.version.startsWith("v20.") ? "older" : "newer";

export const LIBRARY: "older" | "newer" | "node" = ENGINE === "node" ? "node" : UWS;
