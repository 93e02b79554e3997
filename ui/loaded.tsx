/** Loads what a part shows, keeps what was there meanwhile, and says when it takes long or does not come. */
import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";
import { useShell } from "./shell.js";

export interface Loaded<T> {
  /** The last that came, which may be of another request than the one under way; undefined before the first. */
  readonly value?: T | undefined;
  readonly isLoading: boolean;
  /** Why it failed, for people; "" where it did not. */
  readonly reason: string;
  readonly retry: (event: unknown) => void;
}

type Load<T> = (signal: AbortSignal) => Promise<T>;

/** The last answer of each name, with the request: whoever goes back sees it at once, and is where they were. */
const latest = new Map<string, Readonly<{ of: string; value: unknown }>>();

/** Loads anew where one of `keys` changes, or the index does. */
export function useLoaded<T>(name: string, load: Load<T>, keys: readonly unknown[] = []): Loaded<T> {
  const { generation, isGone } = useShell();
  const of = JSON.stringify([generation, ...keys]);
  const [tries, retry] = useReducer((before: number) => before + 1, 0);
  const [loaded, setLoaded] = useState<Omit<Loaded<T>, "retry">>(() => {
    const before = latest.get(name);
    return { isLoading: true, reason: "", ...(before?.of === of && { value: before.value as T }) };
  });
  // Not after the next frame: what is printed is not shown before.
  useLayoutEffect(() => {
    const asking = new AbortController();
    const say = (said: Partial<Loaded<T>>): void => {
      if (!asking.signal.aborted) setLoaded((before) => ({ ...before, isLoading: false, reason: "", ...said }));
    };
    // While it cannot be asked, the shell says so.
    say({ isLoading: !isGone });
    if (!isGone)
      void load(asking.signal)
        .then((value) => {
          if (!asking.signal.aborted) latest.set(name, { of, value });
          return { value };
        })
        .catch((error: unknown) => ({ reason: (error as Error).message }))
        .then(say);
    return () => {
      asking.abort();
    };
  }, [of, isGone, tries]);
  return { ...loaded, retry };
}

type ShownProps<T> = Readonly<{ loaded: Loaded<T>; what: string; children: (value: T) => ComponentChildren }>;

/** What was loaded, or what stands in its place; `what` is for people: "the campaigns". */
export function Shown<T>({ loaded, what, children }: ShownProps<T>): VNode {
  const { value, isLoading, reason, retry } = loaded;
  return (
    <div class="loaded" aria-busy={isLoading}>
      {reason !== "" && (
        <div class="state alarm" role="alert">
          <p>
            <strong>Could not load {what}.</strong> {reason} {value !== undefined && "What you see is from before."}
          </p>
          <button type="button" class="plain" onClick={retry}>
            Try again
          </button>
        </div>
      )}
      <p class={value === undefined ? "state loading" : "unseen"} role="status">
        {isLoading && `Loading ${what} …`}
      </p>
      {value !== undefined && children(value)}
    </div>
  );
}
