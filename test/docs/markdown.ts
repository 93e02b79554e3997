/** Reads documents: headings, links, tables, and what they name in code. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const OUTPUT = join(import.meta.dirname, "../..");
export const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");

export interface Heading {
  readonly level: number;
  readonly anchor: string;
}

/** @param name from the root on */
export function documentOf(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}

const withoutFences = (text: string): string => text.replace(/^```.*?^```$/gms, "");

/** The words between backticks, and the lines of blocks of shell commands. */
export function codeOf(text: string): readonly string[] {
  const shell = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, lines = ""]) => lines.split("\n"));
  const inline = [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return [...shell, ...inline];
}

/** The headings, with the anchors that GitHub gives them. */
export function headingsOf(text: string): readonly Heading[] {
  const seen = new Map<string, number>();
  return [...withoutFences(text).matchAll(/^(#+) (.*)$/gm)].map(([, marks = "", title = ""]) => {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return { level: marks.length, anchor: before === 0 ? slug : `${slug}-${before}` };
  });
}

/** Where links and images lead. */
export function linksOf(text: string): readonly string[] {
  const prose = withoutFences(text).replace(/`[^`\n]+`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The cells of the table whose first column has this heading, row by row, without the heading. */
export function tablesOf(text: string, heading: string): readonly (readonly string[])[] {
  const tables = (text.match(/(?:^\|.*\n)+/gm) ?? []).map((table) =>
    table
      .trimEnd()
      .split("\n")
      .map((row) =>
        row
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
  const found = tables.filter(([head]) => head?.[0] === heading).flatMap((rows) => rows.slice(2));
  if (found.length === 0) throw new Error(`there is no table of ${heading}`);
  return found;
}
