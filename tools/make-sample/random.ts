/** Makes numbers that look random and are the same on every machine, by 32-bit integer arithmetic alone. */

export interface Random {
  below(n: number): number;
  /** Both ends included. */
  between(from: number, to: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

/** Each cell, file and banner has a seed of its own, so that a change to one leaves the others as they were. */
export function seededRandom(seed: string): Random {
  const next = mulberry32(fnv1a(seed));
  const below = (n: number): number => Math.floor((next() * n) / 2 ** 32);
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    shuffled: (items) => {
      const copy = [...items];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [copy[last], copy[other]] = [copy[other]!, copy[last]!];
      }
      return copy;
    },
  };
}

/** mulberry32, Tommy Ettinger, 2017, CC0: gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  };
}

/** FNV-1a, by Fowler, Noll and Vo, of an ASCII text: isthe.com/chongo/tech/comp/fnv */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
