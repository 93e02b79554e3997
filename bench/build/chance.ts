/** Numbers by place: the same on every machine, and any of them without those before it. */

/** A stream of its own for each thing that is drawn: the 32-bit number at each place. */
export function chanceOf(seed: number, stream: string): (place: number) => number {
  let base = seed | 0;
  for (const character of stream) base = mixed(base ^ character.charCodeAt(0));
  return (place) => mixed(mixed(base + Math.imul(place, 0x9e3779b1)) ^ base) >>> 0;
}

// The finaliser of MurmurHash3 (Austin Appleby, public domain).
function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** 16 bits of chance to a rank from 0 to `count` - 1, where rank r comes as often as 1 / (r + 1): Zipf's law. */
export function zipfRanks(count: number): Uint32Array {
  const ranks = new Uint32Array(1 << 16);
  let whole = 0;
  for (let rank = 0; rank < count; rank++) whole += 1 / (rank + 1);
  let reached = 1;
  for (let place = 0, rank = 0; place < ranks.length; place++) {
    while (rank < count - 1 && reached / whole <= (place + 0.5) / ranks.length) reached += 1 / (++rank + 1);
    ranks[place] = rank;
  }
  return ranks;
}
