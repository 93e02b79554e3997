/** Tells which of the two HTTP libraries the tests meet: the package has one for Node.js 20, and a newer one. */
export const LIBRARY: "older" | "newer" = process.version.startsWith("v20.") ? "older" : "newer";
