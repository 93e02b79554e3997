/** Makes a part of the page like another, and keeps what is alike with its focus, its scrolling and what is open. */

/** The reader or a script of this page sets these, and the server knows nothing of them. */
const KEPT = new Set(["open"]);

export function morph(current: Element, fresh: Element): void {
  for (const { name } of [...current.attributes])
    if (!fresh.hasAttribute(name) && !KEPT.has(name)) current.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  const before = [...current.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, at) => {
    const old = before[at];
    if (old === undefined) current.append(node);
    else if (old instanceof Element && node instanceof Element && isSame(old, node)) morph(old, node);
    else if (old.nodeType === Node.TEXT_NODE && node.nodeType === Node.TEXT_NODE) {
      if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue;
    } else old.replaceWith(node);
  });
  for (const old of before.slice(after.length)) old.remove();
}

/** An image with another address is replaced: until the new one is there, the element would show the old one. */
function isSame(old: Element, node: Element): boolean {
  return (
    old.nodeName === node.nodeName &&
    old.id === node.id &&
    (old.nodeName !== "IMG" || old.getAttribute("src") === node.getAttribute("src"))
  );
}
