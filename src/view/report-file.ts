/** Names the report page that a build writes beside an index, and marks it with the generation that it is of. */

export const REPORT_PAGE_FILE = "report.html";

/** A page has its mark within so many bytes, since whoever looks for it reads no more. */
export const MARKED_BYTES = 4096;

const START = '<meta name="billboard-generation" content="';

export function generationMark(generation: string): string {
  return `${START}${generation}" />`;
}

/** Undefined where the page does not say. */
export function markedGeneration(page: string): string | undefined {
  return new RegExp(`${START}([0-9a-f]+)"`).exec(page)?.[1];
}
