/** Describes a request as the router reads it: the shape in which uWebSockets.js hands one out. */

export type Method = "GET" | "HEAD" | "OTHER";

export interface Request {
  /** The first header of this name, or "". */
  getHeader(lowerCaseName: string): string;
  forEach(each: (lowerCaseName: string, value: string) => void): void;
  /** What follows the question mark of the address, or "". */
  getQuery(): string;
}
