import t from "tap";
import { escapeHtml, html } from "../../../src/response/html.js";

await t.test("whatever is put in is text, and cannot end an attribute or begin an element", (t) => {
  const evil = `"><img src=x onerror='alert(1)'>&amp;`;
  const made = html`<p title="${evil}">${evil}</p>`.text;
  t.equal(made, `<p title="${escapeHtml(evil)}">${escapeHtml(evil)}</p>`);
  t.notMatch(escapeHtml(evil), /[<>"']/);
  t.match(escapeHtml(evil), "&#38;amp;");
  t.end();
});

await t.test("a part is HTML where a template made it; a list is its parts; of undefined nothing is seen", (t) => {
  const items = ["<", "b"].map((text) => html`<li>${text}</li>`);
  // prettier-ignore
  t.equal(html`<ul>${items}${undefined}${0}</ul>`.text, "<ul><li>&#60;</li><li>b</li>0</ul>");
  // prettier-ignore
  t.equal(html`<b>${["a", ["<b>", 1]]}\n</b>`.text, "<b>a&#60;b&#62;1\n</b>");
  t.end();
});
