/** Shows money, counts, ratios and lists of them, exact on hover and short where there is little room; and names. */
import type { VNode } from "preact";
import { count, sumText } from "../src/index/wording.js";
import { printable } from "../src/options/printable.js";
import type { JsonFigures } from "../src/view/rows.js";
import type { Column } from "./column.js";
import { Facts } from "./parts.js";
import { FIGURES } from "./figures.js";
import { moneyText, percentText, shortCountText, shortMoneyText } from "./number-text.js";
import { useShell } from "./shell.js";

/** Styles show the one or the other. */
function Fitting({ full, short, title = full }: { full: string; short: string; title?: string }): VNode {
  return (
    <span title={title}>
      <span class="full">{full}</span>
      <span class="short">{short}</span>
    </span>
  );
}

/** A text is an exact decimal with six places. */
export function Money({ exact }: { exact: string | number }): VNode {
  const { currency } = useShell().settings;
  const full = moneyText(exact, currency);
  const title = typeof exact === "number" ? full : `${sumText(exact)} ${currency ?? ""}`.trim();
  return <Fitting full={full} short={shortMoneyText(exact, currency)} title={title} />;
}

export function Count({ value }: { value: number }): VNode {
  return <Fitting full={count(value)} short={shortCountText(value)} />;
}

/** What a column shows of a row by itself. */
export function Value<Row>({ column: { as, value, isUncertain }, row }: { column: Column<Row>; row: Row }): VNode {
  const shown = value?.(row);
  if (as === undefined) return <>{shown}</>;
  if (shown === undefined) return <span title="Nothing to divide by">–</span>;
  if (as === "count") return <Count value={Number(shown)} />;
  const text = as === "money" ? <Money exact={shown} /> : percentText(Number(shown));
  if (isUncertain?.(row) !== true) return <>{text}</>;
  return (
    <span class="few" title="Few clicks: this may be chance">
      <span aria-hidden="true">~</span>
      {text}
      <span class="unseen">, few clicks</span>
    </span>
  );
}

export function FigureList({ of }: { of: JsonFigures }): VNode {
  return <Facts as="figures" of={FIGURES.map((column) => [column.head, <Value column={column} row={of} />])} />;
}

/** What others wrote, in a script of any direction; what is invisible in it is seen. */
export function Name({ text }: { text: string }): VNode {
  const seen = printable(text);
  return (
    <bdi class="name" title={seen}>
      {seen}
    </bdi>
  );
}
