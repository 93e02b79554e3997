// Holds the real data set's index against what is known of it: 200 cells, all cut to ten, X between 42 and 122.
import { readFileSync } from "node:fs";

const { cells } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const wrong = cells.filter(
  ({ rule, x, collection }) => rule !== "top-10" || x < 42 || x > 122 || collection.length !== 10,
);
const xs = cells.map(({ x }) => x);
console.log(
  `real data set: ${cells.length} cells, X from ${Math.min(...xs)} to ${Math.max(...xs)}, ${wrong.length} wrong`,
);
if (cells.length !== 200 || wrong.length > 0) process.exit(1);
