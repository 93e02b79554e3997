/** Finds ids by a hash table in one typed array, used as it lies in the file: open addressing, linear probing. */

/** A power of two, at least twice as many as ids: a look-up then meets 1.5 slots on average, whatever the size. */
export function slotCount(ids: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(ids, 1) * 2));
}

/** The finaliser of MurmurHash3 (Austin Appleby, public domain): neighbouring ids land far from each other. */
export function homeSlot(id: number, slots: number): number {
  let hash = Math.imul(id ^ (id >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & (slots - 1);
}

/** The index of `id` in `ids`, or -1. */
export function findId(id: number, ids: Uint32Array, slots: Uint32Array): number {
  for (let slot = homeSlot(id, slots.length); ; slot = (slot + 1) & (slots.length - 1)) {
    const index = slots[slot]! - 1;
    if (index === -1 || ids[index] === id) return index;
  }
}

/** `slots` must be all zeros, and the ids all different. */
export function fillSlots(ids: Uint32Array, slots: Uint32Array): void {
  for (let index = 0; index < ids.length; index++) {
    let slot = homeSlot(ids[index]!, slots.length);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = index + 1;
  }
}

export function holdsIds(ids: Uint32Array, slots: Uint32Array): boolean {
  const mask = slots.length - 1;
  const empty = slots.indexOf(0);
  // A look-up of an id that is not there would not end.
  if (empty === -1) return false;
  const isHeld = new Uint8Array(ids.length);
  let held = 0;
  let sinceEmpty = 0;
  for (let step = 1; step < slots.length; step++) {
    const slot = (empty + step) & mask;
    const index = slots[slot]! - 1;
    if (index === -1) {
      sinceEmpty = 0;
      continue;
    }
    if (index >= ids.length || isHeld[index] === 1) return false;
    // A look-up starts where the id's hash says, and an empty slot ends it.
    if (((slot - homeSlot(ids[index]!, slots.length)) & mask) > sinceEmpty) return false;
    isHeld[index] = 1;
    held++;
    sinceEmpty++;
  }
  return held === ids.length;
}
