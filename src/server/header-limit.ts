/** Raises the library's limit on request headers from 4096 bytes, which a browser with a few large cookies exceeds. */

// The library reads it once, when it is loaded, so this module is imported before it. A value from outside wins.
process.env["UWS_HTTP_MAX_HEADERS_SIZE"] ??= "16384";
