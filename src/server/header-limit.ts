/** Raises the library's limit on request headers from 4096 bytes, which a browser with a few large cookies exceeds. */

// The library's native code reads it once, when the first thread loads it. Here, in the main thread, since a worker's
// environment is a copy that native code does not see. A value from outside wins.
process.env["UWS_HTTP_MAX_HEADERS_SIZE"] ??= "16384";
