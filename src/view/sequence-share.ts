/** Works out the share of the fixed banners in a sequence that explores and has a pool. Runs in browsers too. */

/** Numbers of banners, and of places that are drawn from the pool for each request. */
export interface Places {
  /** Always in the collection. */
  readonly fixed: number;
  readonly drawn: number;
  /** All others of the cell: the pool where places are drawn, else those behind the cut. */
  readonly rest: number;
  /** The share of decisions that draw from all of them. */
  readonly exploration: number;
}

/** What has come of a sequence: so many fixed banners, so many of the pool, and of which the last one was. */
interface State {
  readonly fixed: number;
  readonly pool: number;
  readonly wasFixed: boolean;
}

/** A visitor remembers no more of a sequence. */
const MAX_COME = 9;

/** Enough for any cell: a sequence of five places forgets how it began within a few dozen visits. */
const STEPS = 200;

/** From a guess of the long run, half a step at a time, since sequences without exploration return in turn. */
export function shareOfFixedInSequence(places: Places): number {
  let now = new Map([[keyOf({ fixed: 0, pool: 1, wasFixed: false }), 1]]);
  for (let step = 0; step < STEPS; step++) {
    const next = new Map(Array.from(now, ([key, share]) => [key, share / 2]));
    for (const [key, share] of now)
      for (const [state, chance] of nextOf(stateOf(key), places)) {
        const to = keyOf(state);
        next.set(to, (next.get(to) ?? 0) + (share * chance) / 2);
      }
    now = next;
  }
  return [...now].reduce((sum, [key, share]) => sum + (stateOf(key).wasFixed ? share : 0), 0);
}

function nextOf(state: State, { fixed, drawn, rest, exploration }: Places): [State, number][] {
  const isOver = state.fixed === fixed && state.pool >= drawn;
  const last = { fixed: Number(state.wasFixed), pool: Number(!state.wasFixed) };
  const come = isOver ? { fixed: 0, pool: 0 } : state;
  // By the rule. A sequence that begins leaves out the last banner, of which only a fixed one has a place for itself.
  const fixedLeft = isOver ? fixed - last.fixed : fixed - come.fixed;
  const poolLeft = isOver ? drawn : Math.max(0, drawn - come.pool);
  const byRule = (1 - exploration) / (fixedLeft + poolLeft);
  // Of all but the last: those that have come leave the sequence as it is.
  const explored = exploration / (fixed + rest - 1);
  const again = isOver ? last : come;
  const newFixed = { ...come, fixed: come.fixed + 1, wasFixed: true };
  const newPool = { ...come, pool: Math.min(come.pool + 1, MAX_COME), wasFixed: false };
  const chances: [State, number][] = [
    [newFixed, byRule * fixedLeft + explored * (fixed - again.fixed)],
    [newPool, byRule * poolLeft + explored * (rest - again.pool)],
    [{ ...come, wasFixed: true }, isOver ? 0 : explored * (come.fixed - last.fixed)],
    [{ ...come, wasFixed: false }, isOver ? 0 : explored * (come.pool - last.pool)],
  ];
  return chances.filter(([, chance]) => chance > 0);
}

function keyOf({ fixed, pool, wasFixed }: State): number {
  return (fixed * (MAX_COME + 1) + pool) * 2 + Number(wasFixed);
}

function stateOf(key: number): State {
  const come = key >> 1;
  return { fixed: Math.floor(come / (MAX_COME + 1)), pool: come % (MAX_COME + 1), wasFixed: (key & 1) === 1 };
}
