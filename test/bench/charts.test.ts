import { parseFragment, type DefaultTreeAdapterTypes as Tree } from "parse5";
import t from "tap";
import { chartsOf } from "../../bench/charts.js";
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
  for (const text of ["Requests a second", "Billboard", "Billboard, again", "R&D <one>", "100,000", "105,000", "1,230"])
    t.ok(texts.includes(text), `${text} in ${texts.join(" · ")}`);
  const growth = textsOf(parseFragment(CHARTS.get("growth")!));
  for (const text of ["10,000 campaigns", "20 µs"]) t.ok(growth.includes(text), text);
  t.end();
});

await t.test("a chart has a ground of its own, needs nothing else and says what it shows", (t) => {
  for (const svg of CHARTS.values()) {
    t.match(
      svg,
      /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*role="img"[^>]*><rect [^>]*rx="12" fill="#fff"\/>/,
    );
    t.notMatch(svg.replace(/xmlns[:a-z]*="[^"]*"/g, ""), /https?:|<script|<image|@import/);
  }
  const [, label = ""] = /aria-label="([^"]*)"/.exec(CHARTS.get("side-by-side")!) ?? [];
  t.equal(
    textsOf(parseFragment(label)).join(""),
    "Requests a second: Billboard 100,000; Billboard, again 105,000; R&D <one> 1,230",
  );
  t.end();
});
