/** Raises the limit on request headers of uWebSockets.js from 4096 bytes, which a few large cookies exceed. */

// In the main thread, before any loads the library: native code does not see a worker's copy of the environment.
process.env["UWS_HTTP_MAX_HEADERS_SIZE"] ??= "16384";

/** In bytes, for the other engine. */
export const MAX_HEADERS_SIZE = Number.parseInt(process.env["UWS_HTTP_MAX_HEADERS_SIZE"]) || 16_384;
