import { parseFragment, type DefaultTreeAdapterTypes as Tree } from "parse5";
import t from "tap";
import { chartsOf } from "../../../bench/report/charts.js";
import { ENVIRONMENT } from "./made-environment.js";
import { madeResults } from "./made-results.js";

const RESULTS = madeResults(ENVIRONMENT, [{ name: "one", label: "R&D <one>", rounds: [1234, 1234, 1234] }]);
const CHARTS = new Map(chartsOf(RESULTS));

function textsOf(node: Tree.Node): string[] {
  if ("value" in node) return [node.value];
  return "childNodes" in node ? node.childNodes.flatMap(textsOf) : [];
}

await t.test("each group of servers has a chart, with each bar's name and value", (t) => {
  t.same([...CHARTS.keys()], ["side-by-side", "growth"]);
  const texts = textsOf(parseFragment(CHARTS.get("side-by-side")!));
  for (const text of [
    "Requests a second, of one core (logarithmic)",
    "Billboard",
    "Billboard, again",
    "R&D <one>",
    "100,000",
    "105,000",
    "1,230",
  ])
    t.ok(texts.includes(text), `${text} in ${texts.join(" · ")}`);
  const growth = textsOf(parseFragment(CHARTS.get("growth")!));
  for (const text of ["10,000 campaigns", "20 µs"]) t.ok(growth.includes(text), text);
  t.end();
});

await t.test("a chart has a ground of its own and needs nothing else, and the same chart is the same text", (t) => {
  for (const svg of CHARTS.values()) {
    t.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>\s*<rect [^>]*fill="#fff"/);
    t.notMatch(svg.replace(/xmlns[:a-z]*="[^"]*"/g, ""), /https?:|<script|<image|@import/);
  }
  t.same(new Map(chartsOf(RESULTS)), CHARTS);
  t.end();
});
