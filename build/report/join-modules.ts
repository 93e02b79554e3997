/** ES modules that import one another to one module, so that a page needs no file beside it. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const IMPORT = /^import \{\s*[\w$]+(?:,\s*[\w$]+)*,?\s*\} from "(\.\/[^"]+)";\n/gm;

/**
 * The text of a module and of all it imports, each once and before what imports it. All share one scope, in which two modules that
 * declare the same name are a syntax error. Reads what `tsc` writes: imports of names as they are, and exports at a declaration.
 * @throws Error where there is another import or export
 */
export function joinModules(entry: string): string {
  const texts: string[] = [];
  const seen = new Set<string>();
  const add = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
    for (const [, specifier = ""] of text.matchAll(IMPORT)) add(join(dirname(path), specifier));
    const joined = text
      .replaceAll(IMPORT, "")
      .replaceAll(/^export (?=(?:async )?function |class |const )/gm, "")
      .replaceAll(/^export \{\};\n/gm, "")
      .replaceAll(/^\/\/# sourceMappingURL=.*\n?/gm, "");
    const [other] = /^(?:import|export)\b.*/m.exec(joined) ?? [];
    if (other !== undefined) throw new Error(`${path}: cannot be joined to one module: ${other}`);
    texts.push(joined);
  };
  add(entry);
  return texts.join("");
}
