/** Tells parts that show some of their rows that all of them are printed. */
import { useLayoutEffect, useState } from "preact/hooks";

/** Of the list: more would take a browser long to lay out. */
export const MAX_PRINTED = 5000;

export let isPrinting = false;
const noted = new Set<(isPrinting: boolean) => void>();

/** On paper is what is drawn when the microtasks that follow the event are done; an answer to a request is late. */
for (const name of ["beforeprint", "afterprint"])
  addEventListener(name, () => {
    isPrinting = name === "beforeprint";
    for (const note of noted) note(isPrinting);
  });

export function usePrinting(): boolean {
  const [is, setIs] = useState(false);
  useLayoutEffect(() => {
    noted.add(setIs);
    return () => noted.delete(setIs);
  }, []);
  return is;
}
