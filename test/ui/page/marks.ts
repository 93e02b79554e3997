/** Finds what only a colour tells, where the system's colours are forced, and what moves where nothing should. */

interface Note {
  coloured?: Element[];
}
const note = globalThis as typeof globalThis & Note;

const all = (): Element[] =>
  [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility({ opacityProperty: true }));

const isSeen = (colour: string): boolean => colour !== "none" && !/^(?:rgba\(.*, 0\)|transparent)$/.test(colour);

/** Before colours are forced: boxes that have another background than what is round them, but for cells of a column. */
export function noteColoured(): void {
  note.coloured = all().filter((element) => {
    const { backgroundColor } = getComputedStyle(element);
    let around = element.parentElement;
    while (around !== null && !isSeen(getComputedStyle(around).backgroundColor)) around = around.parentElement;
    const isOther = around === null || getComputedStyle(around).backgroundColor !== backgroundColor;
    return isSeen(backgroundColor) && isOther && !element.matches("td, .skip");
  });
}

/** While colours are forced: those that nothing else sets apart, and drawings of which nothing is seen. */
export function faultsOfForcedColours(): string[] {
  const boxes = (note.coloured ?? []).filter((element) => element.isConnected && !isSetApart(element));
  const drawings = all().filter((element) => element.localName === "svg" && !isDrawn(element));
  return [
    ...boxes.map((element) => `No border: ${nameOf(element)}`),
    ...drawings.map((element) => `Not seen: ${nameOf(element)}`),
  ];
}

const nameOf = ({ localName, className, id, textContent }: Element): string =>
  `${localName}${id && `#${id}`}.${typeof className === "string" ? className : ""} “${textContent.trim().slice(0, 30)}”`;

function isSetApart(element: Element): boolean {
  const style = getComputedStyle(element);
  const sides = ["Top", "Bottom", "Left", "Right"] as const;
  const canvas = getComputedStyle(document.body).backgroundColor;
  return (
    sides.some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0) ||
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) ||
    (isSeen(style.backgroundColor) && style.backgroundColor !== canvas)
  );
}

function isDrawn(drawing: Element): boolean {
  const canvas = getComputedStyle(document.body).backgroundColor;
  const shapes = [...drawing.querySelectorAll("path, rect, circle, line, polyline, polygon, text")];
  return (
    shapes.length === 0 ||
    shapes.some((shape) => {
      const { fill, stroke, strokeWidth } = getComputedStyle(shape);
      const isLined = isSeen(stroke) && stroke !== canvas && parseFloat(strokeWidth) > 0;
      return (isSeen(fill) && fill !== canvas) || isLined;
    })
  );
}

/** While motion is to be reduced. */
export function faultsOfMotion(): string[] {
  const moving = document.getAnimations().map(({ effect }) => (effect as KeyframeEffect | null)?.target ?? null);
  const willMove = all().filter((element) => {
    const { transitionDuration, transitionProperty, animationName, scrollBehavior } = getComputedStyle(element);
    const isLong = transitionProperty !== "none" && transitionDuration.split(",").some((text) => parseFloat(text) > 0);
    return isLong || animationName !== "none" || scrollBehavior === "smooth";
  });
  return [...moving, ...willMove].map((element) => `Moves: ${element === null ? "?" : nameOf(element)}`);
}
