/** Tells parts that show some of their rows that all of them are printed. */
import { useLayoutEffect, useState } from "preact/hooks";

/** Of the list: more would take a browser long to lay out. */
export const MAX_PRINTED = 5000;

export let isPrinting = false;
const noted = new Set<(isPrinting: boolean) => void>();

/** On paper is what is drawn when the microtasks that follow the event are done; an answer to a request is late. */
const telling = (is: boolean) => (): void => {
  isPrinting = is;
  for (const note of noted) note(is);
};
addEventListener("beforeprint", telling(true));
addEventListener("afterprint", telling(false));

export function usePrinting(): boolean {
  const [is, setIs] = useState(false);
  useLayoutEffect(() => {
    noted.add(setIs);
    return () => noted.delete(setIs);
  }, []);
  return is;
}
