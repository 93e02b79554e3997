/** Creates elements. Text becomes text nodes only, so that no name in the data can become an element. */

export type Child = Node | string | number | undefined;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  for (const child of children) if (child !== undefined) made.append(typeof child === "number" ? String(child) : child);
  return made;
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found;
}

/** A row of a table, whose first cell is its header. */
export function row(header: Child, ...cells: readonly Child[]): HTMLTableRowElement {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, header),
    ...cells.map((cell) => element("td", typeof cell === "object" ? {} : { class: "number" }, cell)),
  );
}

export function tableHead(headers: readonly string[]): HTMLElement {
  return element("thead", {}, element("tr", {}, ...headers.map((text) => element("th", { scope: "col" }, text))));
}

/** The mark of a rule, which differs by shape as well as by colour. */
export function ruleMark(rule: string): HTMLElement {
  return element("span", { class: `mark ${rule}`, "aria-hidden": "true" });
}
