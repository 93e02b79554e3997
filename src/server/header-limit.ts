/**
 * uWebSockets.js reads this once, when it is loaded: how many bytes the header block of a request may have. Its own 4096 would turn
 * away, with 431, a visitor whose browser holds a few large cookies of the same site. Only a module that is imported before the
 * library can set it; a value from outside stands.
 */
process.env["UWS_HTTP_MAX_HEADERS_SIZE"] ??= "16384";
