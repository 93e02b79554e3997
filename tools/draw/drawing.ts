/** Renders a drawing: Graphviz's language to an SVG that is readable in light and in dark. */
import { Graphviz } from "@hpcc-js/wasm-graphviz";

// Inside the file, since a page's style sheet does not reach an SVG that is shown as an image.
const STYLE = `<style>
text { fill: #1f2328; }
.node :is(polygon, path, ellipse) { fill: #f6f8fa; stroke: #59636e; }
.cluster polygon { fill: none; stroke: #a0a8b0; }
.edge path { fill: none; stroke: #59636e; }
.edge polygon { fill: #59636e; stroke: #59636e; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .node :is(polygon, path, ellipse) { fill: #21262d; stroke: #9198a1; }
  .cluster polygon { stroke: #59636e; }
  .edge path { stroke: #9198a1; }
  .edge polygon { fill: #9198a1; stroke: #9198a1; }
}
</style>`;

/** Graphviz measures text by its own tables, so the margin leaves room for browsers that show a wider font. */
const LOOKS = `
  bgcolor=transparent; fontname="Helvetica,Arial,sans-serif"; fontsize=12; labeljust=l;
  node [shape=box, fontname="Helvetica,Arial,sans-serif", fontsize=11, margin="0.25,0.08"]
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10]
`;

export async function drawingOf(dot: string): Promise<string> {
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(dot.replace("{", `{${LOOKS.replaceAll("\n", " ")}`), "svg");
  // Removes the version of Graphviz (comments) and names of nodes (titles), which browsers show over the drawing.
  const plain = svg.replace(/<!--.*?-->\n?/gs, "").replace(/<title>[^<]*<\/title>\n?/g, "");
  return plain.replace(/<svg[^>]*>/, (start) => `${start}\n${STYLE}`);
}
