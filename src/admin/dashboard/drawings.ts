/** Draws marks of rules, banners, bars, the curve of a minute and the dial of the hour; the page has their numbers. */
import { printable } from "../../options/printable.js";
import { html, type Html } from "../../response/html.js";
import { MAX_RATES } from "../request-rate.js";

/** Each rule's mark has a shape of its own besides its colour. */
export function ruleMark(rule: string): Html {
  return html`<span class="mark ${rule}" aria-hidden="true"></span>`;
}

/** To follow the id; isolated, so that no writing direction leaks out of it. Nothing for "". */
export function campaignName(name: string): Html | undefined {
  const shown = printable(name);
  return name === "" ? undefined : html` <bdi class="campaign-name" title="${shown}">${shown}</bdi>`;
}

export interface Picture {
  readonly id: number;
  readonly imageUrl: string;
  /** In pixels; both 0 unless both are known. */
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

export function image({ id, imageUrl, width, height, alt: own }: Picture, alt?: string): Html {
  const size = width > 0 ? html`width="${width}" height="${height}"` : undefined;
  return html`<img src="${imageUrl}" alt="${alt ?? (printable(own) || `Banner ${id}`)}" ${size} loading="lazy" />`;
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

export function bar(share: number): Html {
  const width = share > 0 ? Math.min(100, Math.max(1, 100 * share)) : 0;
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    <rect width="${rounded(width)}" height="1"></rect>
  </svg>`;
}

/** `browser/visitor.ts` sets the bar's width; the line stands at `expected`, from 0 to 1. */
export function barToLine(expected: number): Html {
  const at = rounded(100 * expected);
  return html`<svg class="bar to-line" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    <rect width="0" height="1"></rect>
    <path d="M${at} 0V1"></path>
  </svg>`;
}

const CURVE_WIDTH = 240;
const CURVE_HEIGHT = 48;

export function curve(rates: readonly number[]): Html {
  const most = Math.max(1, ...rates);
  const whole = [...Array<number>(MAX_RATES - rates.length).fill(0), ...rates];
  const points = whole.map((rate, second) => {
    const x = (CURVE_WIDTH / (MAX_RATES - 1)) * second;
    return `${rounded(x)} ${rounded(1 + (CURVE_HEIGHT - 2) * (1 - rate / most))}`;
  });
  const line = `M${points.join("L")}`;
  return html`<svg
    class="curve"
    viewBox="0 0 ${CURVE_WIDTH} ${CURVE_HEIGHT}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <path class="area" d="${line}V${CURVE_HEIGHT}H0Z"></path>
    <path class="line" d="${line}"></path>
  </svg>`;
}

export function dial(period: number, periods: number, minute: number): Html {
  const length = 60 / periods;
  const gap = Math.min(1.2, length / 4);
  const parts = Array.from(
    { length: periods },
    (_, index) =>
      html`<circle
        class="${index + 1 === period ? "on" : "off"}"
        r="42"
        pathLength="60"
        stroke-dasharray="${rounded(length - gap)} ${rounded(60 - length + gap)}"
        stroke-dashoffset="${rounded(-(index * length + gap / 2))}"
        transform="rotate(-90)"
      ></circle>`,
  );
  return html`<svg class="dial" viewBox="-50 -50 100 100" aria-hidden="true">
    ${parts}
    <path class="hand" d="M0 0V-32" transform="rotate(${rounded(6 * minute)})"></path>
    <circle class="hub" r="4"></circle>
  </svg>`;
}
