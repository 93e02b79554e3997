/** A tag, attributes and children to an element. Text becomes text nodes only: no name in the data can become an element. */

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

/** The element of the page that has this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found;
}

/** A row of a table: the first cell is the row's header. */
export function row(header: Child, ...cells: readonly Child[]): HTMLTableRowElement {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, header),
    ...cells.map((cell) => element("td", typeof cell === "object" ? {} : { class: "number" }, cell)),
  );
}
