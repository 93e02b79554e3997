/** Raises the library's limit on request headers from 4096 bytes, which a browser with a few large cookies exceeds. */

// In the main thread, before any loads the library: native code does not see a worker's copy of the environment.
process.env["UWS_HTTP_MAX_HEADERS_SIZE"] ??= "16384";
