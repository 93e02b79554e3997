/** Sorts a window of a million rows, and the rest only as far as that needs. It runs in browsers too. */
import type { Rest } from "./rest.js";

export interface Ordered {
  /** Sorted in place, each with its key. */
  readonly items: Uint32Array;
  readonly keys: Float64Array;
  /** For two items of the same key; 0 for any that are alike, of which the lesser comes first. */
  readonly byTie: (a: number, b: number) => number;
}

const FEW = 16;

/** A part of fewer is divided by the middle one of three, a larger one by one of a sample. */
const MANY = 4096;
const SAMPLE = 127;
/** Places of the sample by which it is divided beside what is sought, since a sample is not exact. */
const MARGIN = 3;

/** Has those from the place `from` to before `to` be where sorting all would put them (Hoare's quickselect). */
export async function placeRange({ items, keys, byTie }: Ordered, from: number, to: number, rest: Rest): Promise<void> {
  const isBefore = (keyA: number, a: number, keyB: number, b: number): boolean =>
    keyA < keyB || (keyA === keyB && (byTie(a, b) || a - b) < 0);
  const swap = (a: number, b: number): void => {
    const [item, key] = [items[a]!, keys[a]!];
    items[a] = items[b]!;
    keys[a] = keys[b]!;
    items[b] = item;
    keys[b] = key;
  };
  const isPlacedBefore = (a: number, b: number): boolean => isBefore(keys[a]!, items[a]!, keys[b]!, items[b]!);
  /** Close beside an end of the range, so that to go through a million once leaves little (Floyd and Rivest). */
  const dividing = (first: number, end: number): number => {
    const count = end - first > MANY ? SAMPLE : 3;
    const sample = Array.from({ length: count }, (_, at) => first + Math.floor((at * (end - first - 1)) / (count - 1)));
    sample.sort((a, b) => (isPlacedBefore(a, b) ? -1 : 1));
    const [sought, margin] = to < end ? [to, MARGIN] : from > first ? [from, -MARGIN] : [(first + end) / 2, 0];
    const rank = Math.floor((count * (sought - first)) / (end - first)) + margin;
    // Not the greatest, so that either part has some.
    return sample[Math.min(Math.max(rank, 1), count - 2)]!;
  };
  const parts: [number, number][] = [[0, items.length]];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [first, end] = part;
    if (end <= from || first >= to) continue;
    if (end - first <= FEW) {
      for (let at = first + 1; at < end; at++)
        for (let place = at; place > first && isPlacedBefore(place, place - 1); place--) swap(place, place - 1);
      if (rest.isDue(FEW)) await rest.take();
      continue;
    }
    const divider = dividing(first, end);
    const [pivot, pivotKey] = [items[divider]!, keys[divider]!];
    let low = first;
    let high = end - 1;
    for (;;) {
      while (isBefore(keys[low]!, items[low]!, pivotKey, pivot)) low++;
      while (isBefore(pivotKey, pivot, keys[high]!, items[high]!)) high--;
      if (low >= high) break;
      swap(low++, high--);
      if (rest.isDue()) await rest.take();
    }
    parts.push([first, high + 1], [high + 1, end]);
  }
}
