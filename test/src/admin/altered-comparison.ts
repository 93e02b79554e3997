/**
 * Imported into a server under test by NODE_OPTIONS: comparing two indexes, which looks at the clock, fails or comes no
 * further, as COMPARISON says.
 */
const now = performance.now.bind(performance);

performance.now = () => {
  if (!new Error().stack!.includes("inSlices")) return now();
  if (process.env["COMPARISON"] === "fails") throw new Error("it fails");
  return Infinity;
};
