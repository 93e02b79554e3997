/** Reads the root element of an SVG, and whether the rest is XML that browsers draw. */
import { createRequire } from "node:module";
import { TextDecoder } from "node:util";

const require = createRequire(import.meta.url);

export const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

export interface RootElement {
  readonly name: string;
  readonly namespace: string;
  /** Those without a prefix. */
  readonly attributes: ReadonlyMap<string, string>;
}

const PIECE_BYTES = 1 << 20;

/** Browsers go by the byte order mark alone, whatever the declaration says. */
export function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}

/** @throws XmlError for what browsers do not draw */
export function readRoot(bytes: Uint8Array): RootElement {
  let root: RootElement | undefined;
  let doctype = new DocumentType("");
  // Loaded for the first SVG: most builds have none.
  const { SaxesParser } = require("saxes") as typeof import("saxes");
  const parser = new SaxesParser({ xmlns: true, resolvePrefix: (prefix: string) => doctype.namespaceOf(prefix) });
  parser.on("error", ({ message }) => {
    if (!doctype.isOpen || !message.endsWith("undefined entity.")) throw new XmlError(message.replace(/\.$/, ""));
  });
  parser.on("doctype", (text) => {
    doctype = new DocumentType(text.slice(0, MAX_SUBSET_LENGTH));
    for (const name of doctype.entities.keys())
      Object.defineProperty(parser.ENTITIES, name, { get: () => doctype.expand(`&${name};`) });
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    root ??= {
      name: local,
      namespace: uri,
      attributes: new Map([
        ...doctype.defaults,
        ...Object.values(attributes).flatMap(({ prefix, local, value }) => (prefix === "" ? [[local, value]] : [])),
      ] as [string, string][]),
    };
  });
  const decoder = new TextDecoder(encodingOf(bytes), { fatal: true });
  for (let start = 0; start < bytes.length; start += PIECE_BYTES)
    parser.write(decoded(decoder, bytes.subarray(start, start + PIECE_BYTES)));
  parser.close();
  // The parser refuses a document without one.
  return root!;
}

/** Says at which line and column the document breaks which rule. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

function decoded(decoder: TextDecoder, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch {
    throw new XmlError(`bytes that are not ${decoder.encoding.toUpperCase()}: save it as UTF-8`);
  }
}

/** Far beyond what drawing programs write. */
const MAX_SUBSET_LENGTH = 1 << 16;

/** Each may name others, ten times over: browsers draw none of these either. */
const MAX_EXPANSIONS = 1000;

/** What the internal subset of a document type declares, as far as it tells of the root element. */
class DocumentType {
  /** Whether entities may be declared elsewhere, which browsers do not read and then do not miss. */
  readonly isOpen: boolean;
  readonly defaults: ReadonlyMap<string, string>;
  /** By name, as they are written. */
  readonly entities: ReadonlyMap<string, string>;
  #expansions = 0;

  constructor(text: string) {
    const subset = text.slice(text.indexOf("[") + 1).replace(/<!--[^]*?-->/g, "");
    const outer = text.split("[")[0]!;
    this.isOpen = /\s(?:PUBLIC|SYSTEM)\s/.test(outer) || (text.includes("[") && /%[^\s;]+;/.test(subset));
    // The first declaration counts, so that it comes last here; browsers read none of another file.
    const declared = [...subset.matchAll(ENTITY)].reverse();
    this.entities = new Map(declared.map(([, name, literal = '""']) => [name!, literal.slice(1, -1)]));
    const lists = subset.match(/<!ATTLIST\s(?:"[^"]*"|'[^']*'|[^>"'])*>/g) ?? [];
    const attributes = lists.flatMap((list) => [
      ...list.matchAll(/\s([^\s"']+)\s+CDATA\s+(?:#FIXED\s+)?("[^"]*"|'[^']*')/g),
    ]);
    this.defaults = new Map(attributes.map(([, name, literal]) => [name!, literal!.slice(1, -1)]));
  }

  namespaceOf(prefix: string): string | undefined {
    return this.defaults.get(prefix === "" ? "xmlns" : `xmlns:${prefix}`);
  }

  /** With character references and entities in it replaced. */
  expand(text: string): string {
    if (++this.#expansions > MAX_EXPANSIONS) throw new XmlError("entities that grow without end");
    return text.replace(REFERENCE, (whole, hex?: string, decimal?: string, name = "") => {
      const value = this.entities.get(name as string);
      if (value !== undefined) return this.expand(value);
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
  }
}

const ENTITY = /<!ENTITY\s+([^\s%"']+)\s+(?:SYSTEM|PUBLIC|("[^"]*"|'[^']*'))/g;
const REFERENCE = /&(?:#x([0-9a-f]+)|#([0-9]+)|([^;\s&]+));/gi;
