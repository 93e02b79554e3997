/** Finds, from the boxes in a page, what is cut off, overlaps, sticks out, or is too small to touch. */

/** Browsers round. */
const SLACK = 1;
const LEAST_TARGET = 24;
/** Enough to know by. */
const MAX_OF_A_KIND = 4;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Seen {
  readonly element: Element;
  readonly style: CSSStyleDeclaration;
  readonly box: Box;
  /** What of it is not cut off by what surrounds it. */
  readonly clip: Box;
}

interface Piece extends Box {
  /** Of a text, its own; else the control or image. */
  readonly node: Node;
}

const NOT_SHOWN = "script, style, noscript, template, option, optgroup, datalist, title, head";
const CONTROLS = "button, input, select, textarea, summary, nav a, [role=button], [role=tab]";
const SOLID = "button, input, select, textarea, img, meter, progress";
const VISIBLE = { overflowX: "visible", overflowY: "visible" };
const WIDE_OPEN: Box = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

const isCut = (overflow: string): boolean => overflow === "hidden" || overflow === "clip";

/** Sentences, each with the element; none where all is well. */
export function faultsOfBoxes(width: number): string[] {
  // What sticks to the top would lie on the rows.
  scrollTo({ top: 0, behavior: "instant" });
  const { clientWidth, scrollWidth } = document.documentElement;
  const seen: Seen[] = [];
  walk(document.body, WIDE_OPEN, seen);
  const texts = seen.flatMap(textsOf);
  const byElement = new Map(seen.map((each) => [each.element, each]));
  const faults = [
    clientWidth === width ? [] : [`The page is ${clientWidth} wide, not ${width}`],
    scrollWidth > clientWidth ? [`The page scrolls sideways: ${scrollWidth} of ${clientWidth}`] : [],
    seen.filter(({ box }) => box.right > clientWidth + SLACK || box.left < -SLACK).map(told("Beyond the sides")),
    seen.filter(isCutOff).map(told("Cut off")),
    seen.filter(scrollsSideways).map(told("Scrolls sideways")),
    seen.filter(isFieldCut).map(told("The text of a field is cut off")),
    texts.filter(sticksOut).map(({ node }) => `Sticks out of its box: ${nameOf(node)}`),
    seen.filter(({ element, style, box }) => isOut(element, style, box)).map(told("Sticks out of its parent")),
    overlaps([...texts, ...seen.filter(({ element }) => element.matches(SOLID)).map(pieceOf)]),
    seen.flatMap(({ element }) => overlapsOfChildren(element, byElement)),
    seen.filter(isHardToTouch).map(told(`Smaller than ${LEAST_TARGET} px`)),
  ];
  return faults.flatMap((kind) => [
    ...kind.slice(0, MAX_OF_A_KIND),
    ...(kind.length > MAX_OF_A_KIND ? [`… and ${kind.length - MAX_OF_A_KIND} more as the last`] : []),
  ]);
}

const told =
  (what: string) =>
  ({ element }: Seen): string =>
    `${what}: ${nameOf(element)}`;

function nameOf(node: Node): string {
  const element = node instanceof Element ? node : node.parentElement!;
  const parents: string[] = [];
  for (let each: Element | null = element; each !== null && parents.length < 4; each = each.parentElement) {
    parents.unshift(
      each.localName + (each.id && `#${each.id}`) + [...each.classList].map((name) => `.${name}`).join(""),
    );
    if (each.id) break;
  }
  return `${parents.join(" > ")} “${node.textContent!.trim().slice(0, 30)}”`;
}

function walk(element: Element, clip: Box, seen: Seen[]): void {
  if (element.matches(NOT_SHOWN)) return;
  const style = getComputedStyle(element);
  if (style.display === "none") return;
  const box = element.getBoundingClientRect();
  const isPlaced = style.position === "absolute" || style.position === "fixed";
  if (style.display !== "contents") {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
    // What is for screen readers alone, and what comes when it has the focus.
    const isAway = (box.width <= 2 && box.height <= 2) || box.right <= 0 || box.bottom <= 0;
    if (isPlaced && (isAway || style.clipPath === "inset(50%)")) return;
    const inner = isPlaced ? WIDE_OPEN : clip;
    if (box.width > 0 || box.height > 0) seen.push({ element, style, box, clip: inner });
  }
  const isClipping = style.overflowX !== "visible" || style.overflowY !== "visible";
  const clipOfChildren = isClipping ? common(clip, box) : isPlaced ? WIDE_OPEN : clip;
  // A drawing has no boxes but those of its texts.
  for (const child of element.children)
    if (element.localName !== "svg" || child.localName === "text") walk(child, clipOfChildren, seen);
}

function common(a: Box, b: Box): Box {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

const sizeOf = ({ left, top, right, bottom }: Box): readonly [width: number, height: number] => [
  right - left,
  bottom - top,
];

const pieceOf = ({ element, box, clip }: Seen): Piece => ({ ...common(box, clip), node: element });

interface TextPiece extends Piece {
  /** Before anything cuts it off. */
  readonly whole: Box;
  readonly seen: Seen;
}

/** The lines of an element's own texts. */
function textsOf(seen: Seen): TextPiece[] {
  const { element, clip, style } = seen;
  const inner =
    style.overflowX === "visible" && style.overflowY === "visible"
      ? clip
      : common(clip, element.getBoundingClientRect());
  // What is folded has boxes, too.
  if (element.matches("details:not([open])")) return [];
  return [...element.childNodes].flatMap((node) => {
    if (node.nodeType !== Node.TEXT_NODE || node.textContent!.trim() === "") return [];
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()]
      .filter(({ width, height }) => width > 0 && height > 0)
      .map((whole) => ({ ...common(whole, inner), whole, node, seen }));
  });
}

/** Without what is for screen readers alone. */
function shownText(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
  if (!(node instanceof Element) || isForReadersAlone(node)) return "";
  return [...node.childNodes].map(shownText).join("");
}

function isForReadersAlone(element: Element): boolean {
  return /^(absolute|fixed)$/.test(getComputedStyle(element).position) && element.getBoundingClientRect().width <= 2;
}

/** An ellipsis is meant where a title has the whole text. */
function hasWholeText(element: Element): boolean {
  const text = shownText(element).trim();
  const titled = [element, ...element.querySelectorAll("[title]"), element.closest("[title]")];
  return titled.some((each) => each?.getAttribute("title")?.includes(text) === true);
}

function isCutOff({ element, style }: Seen): boolean {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
  if (element.matches("input, select, textarea, svg") || element.textContent.trim() === "") return false;
  const isWide = isCut(style.overflowX) && scrollWidth > clientWidth + SLACK;
  const isHigh = isCut(style.overflowY) && scrollHeight > clientHeight + SLACK;
  const isMeant = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
  return (isWide || isHigh) && !(isMeant && hasWholeText(element));
}

function scrollsSideways({ element, style }: Seen): boolean {
  const { scrollWidth, clientWidth } = element;
  const canScroll = style.overflowX === "auto" || style.overflowX === "scroll";
  return canScroll && !element.matches("input, textarea") && scrollWidth > clientWidth + SLACK;
}

const canvas = document.createElement("canvas").getContext("2d")!;

/** What a field says by itself: its placeholder, or the option that is chosen. */
function isFieldCut({ element, style }: Seen): boolean {
  const isInput = element instanceof HTMLInputElement;
  const text = isInput ? element.placeholder : element instanceof HTMLSelectElement ? chosenOf(element) : "";
  if (text === "") return false;
  canvas.font = style.font;
  const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  return canvas.measureText(text).width > element.clientWidth - padding + SLACK;
}

const chosenOf = ({ selectedOptions }: HTMLSelectElement): string => selectedOptions[0]?.text ?? "";

function blockOf(element: Element): Element {
  const drawing = element.closest("svg");
  let block: Element = drawing ?? element;
  while (
    drawing === null &&
    block.parentElement !== null &&
    /^(inline|contents)$/.test(getComputedStyle(block).display)
  )
    block = block.parentElement;
  return block;
}

/** A line may be lower than its letters are high. */
function sticksOut({ whole, seen: { element, style } }: TextPiece): boolean {
  const block = blockOf(element);
  const box = block.getBoundingClientRect();
  // A drawing cuts off what is beyond it.
  const { overflowX, overflowY } = block.localName === "svg" ? VISIBLE : getComputedStyle(block);
  const rise = 0.3 * parseFloat(style.fontSize);
  const isWide = overflowX === "visible" && (whole.right > box.right + SLACK || whole.left < box.left - SLACK);
  const isHigh = overflowY === "visible" && (whole.bottom > box.bottom + rise || whole.top < box.top - rise);
  return isWide || isHigh;
}

function isOut(element: Element, style: CSSStyleDeclaration, box: Box): boolean {
  const { parentElement: parent } = element;
  if (parent === null || /^(absolute|fixed)$/.test(style.position) || /^(inline|contents)$/.test(style.display))
    return false;
  const block = blockOf(parent);
  const { overflowX } = getComputedStyle(block);
  const outer = block.getBoundingClientRect();
  return overflowX === "visible" && (box.right > outer.right + SLACK || box.left < outer.left - SLACK);
}

/** Of texts with each other, and with controls and images that they are not in. */
function overlaps(pieces: readonly Piece[]): string[] {
  const faults = new Set<string>();
  const sorted = pieces.filter((piece) => sizeOf(piece).every((size) => size > 0)).sort((a, b) => a.top - b.top);
  let open: Piece[] = [];
  for (const piece of sorted) {
    open = open.filter(({ bottom }) => bottom > piece.top);
    for (const other of open)
      if (other.node !== piece.node && !other.node.contains(piece.node) && !piece.node.contains(other.node)) {
        const [width, height] = sizeOf(common(piece, other));
        // Letters do not fill the height of their line.
        const least = 0.35 * Math.min(sizeOf(piece)[1], sizeOf(other)[1]);
        if (width > SLACK && height > least) faults.add(`Overlap: ${nameOf(other.node)} and ${nameOf(piece.node)}`);
      }
    open.push(piece);
  }
  return [...faults];
}

function overlapsOfChildren(parent: Element, byElement: ReadonlyMap<Element, Seen>): string[] {
  if (parent.localName === "svg") return [];
  const children = [...parent.children].flatMap((child) => {
    const seen = byElement.get(child);
    const isBox = seen !== undefined && !/^(inline|contents|table-column|table-column-group)$/.test(seen.style.display);
    return isBox && child.textContent.trim() !== "" ? [pieceOf(seen)] : [];
  });
  const faults: string[] = [];
  let open: Piece[] = [];
  for (const child of children.sort((a, b) => a.top - b.top)) {
    open = open.filter(({ bottom }) => bottom > child.top + SLACK);
    for (const other of open)
      if (sizeOf(common(child, other)).every((size) => size > SLACK))
        faults.push(`Overlap: ${nameOf(other.node)} and ${nameOf(child.node)}`);
    open.push(child);
  }
  return faults;
}

/** A label is a part of what it stands round. */
function isHardToTouch({ element, box }: Seen): boolean {
  if (!element.matches(CONTROLS) || element.matches("[type=hidden]")) return false;
  const label = element.closest("label")?.getBoundingClientRect() ?? box;
  const [width, height] = sizeOf(/^(checkbox|radio)$/.test(element.getAttribute("type") ?? "") ? label : box);
  return Math.min(width, height) < LEAST_TARGET - 0.5;
}
