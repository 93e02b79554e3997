/** Puts parts into the page, and makes the rows of its tables. */
import { html, type Html, type Part } from "../../../src/response/html.js";

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found;
}

export function fill(id: string, content: Html): void {
  byId(id).innerHTML = content.text;
}

export function row([header, ...cells]: readonly Part[], kind = ""): Html {
  return html`<tr class="${kind}">
    <th scope="row">${header}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
}

export function tableHead(headers: readonly string[]): Html {
  return html`<thead>
    <tr>
      ${headers.map((text) => html`<th scope="col">${text}</th>`)}
    </tr>
  </thead>`;
}
