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
  /** No item is the greatest of three, so that either part of a partition has some. */
  const middleOf = (a: number, b: number, c: number): number => {
    const [least, most] = isPlacedBefore(a, b) ? [a, b] : [b, a];
    return isPlacedBefore(c, least) ? least : isPlacedBefore(c, most) ? c : most;
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
    const middle = middleOf(first, (first + end) >>> 1, end - 1);
    const [pivot, pivotKey] = [items[middle]!, keys[middle]!];
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
