/** Draws what views are made of: cards, lists of facts, links, buttons that say what came of them, marks of rules. */
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { RULE_TEXTS } from "../src/index/explain.js";
import type { Rule } from "../src/index/sections.js";
import type { Address } from "./address.js";
import { useShell } from "./shell.js";

interface CardProps {
  readonly id: string;
  readonly title: ComponentChildren;
  /** The heading of the whole view is an h1. */
  readonly Heading?: "h1" | "h2";
  readonly children: ComponentChildren;
}

/** A part of a view, in a box of its own under its heading. */
export function Card({ id, title, Heading = "h2", children }: CardProps): VNode {
  return (
    <section class="card" id={id} aria-labelledby={`${id}-title`}>
      <Heading id={`${id}-title`}>{title}</Heading>
      {children}
    </section>
  );
}

export type Fact = readonly [name: ComponentChildren, value: ComponentChildren];

interface FactsProps {
  readonly of: readonly Fact[];
  readonly id?: string;
  /** For its layout. */
  readonly as?: string;
}

/** By name; those that there are none of are left out. */
export function Facts({ of, id, as = "facts" }: FactsProps): VNode {
  const known = of.filter(([, value]) => value !== undefined && value !== false && value !== "");
  return (
    <dl class={as} id={id}>
      {known.map(([name, value], at) => (
        <div key={at}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface LinkProps {
  readonly to: Partial<Address>;
  readonly "aria-current"?: "page" | "true" | undefined;
  readonly children: ComponentChildren;
}

/** To another state of the interface, which is opened without loading the page anew. */
export function Link({ to, children, ...rest }: LinkProps): VNode {
  const { href, go } = useShell();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a {...rest} href={href(to)} onClick={follow}>
      {children}
    </a>
  );
}

type Does = () => string | Promise<string>;

/** A button, and beside it what came of it: `does` says what was done; an error says itself. */
export function Action({ text, title, does }: { text: string; title?: string; does: Does }): VNode {
  const [said, setSaid] = useState("");
  const act = async (): Promise<void> => {
    setSaid("…");
    const doing = Promise.resolve().then(does);
    setSaid(await doing.catch((error: unknown) => (error as Error).message));
  };
  return (
    <span class="take-along">
      <button type="button" class="plain" title={title} onClick={() => void act()}>
        {text}
      </button>
      <span role="status">{said}</span>
    </span>
  );
}

/** Filled shapes, which forced colours keep as they do not keep backgrounds. */
const SHAPES: Readonly<Record<Rule, string>> = {
  "top-10": "M6 .5a5.5 5.5 0 1 1-.01 0Z",
  "top-x": "M1 1h10v10H1Z",
  "fill-by-clicks": "M6 .5 11.8 11H.2Z",
  "by-clicks": "M6 0l6 6-6 6-6-6Z",
  // A ring: what goes round the other way is its hole.
  default: "M6 0a6 6 0 1 1-.01 0ZM6 3a3 3 0 1 0 .01 0Z",
};

/** The mark of a rule, which has a shape of its own besides its colour. */
export function RuleMark({ rule }: { readonly rule: Rule }): VNode {
  return (
    <svg class="mark" fill={`var(--${rule})`} viewBox="0 0 12 12" aria-hidden="true">
      <path d={SHAPES[rule]} />
    </svg>
  );
}

export function RuleName({ rule }: { readonly rule: Rule }): VNode {
  return (
    <>
      <RuleMark rule={rule} /> {RULE_TEXTS[rule]}
    </>
  );
}
