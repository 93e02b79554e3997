/** Data that no index can be made of. The message is one line: what, where, what was expected, what to do. */
export class DataError extends Error {
  override readonly name = "DataError";
}
