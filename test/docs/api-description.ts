/** A description of a port to what is wrong with an answer by it, and to what it promises that never came. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const OUTPUT = join(import.meta.dirname, "../..");
export const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");

export interface Asked {
  readonly method: string;
  /** As it goes over the wire, with its query. */
  readonly address: string;
}

export interface Received {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Referenced {
  readonly $ref?: string;
}
interface Schema {
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}
interface Header extends Referenced {
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Response extends Referenced {
  readonly headers?: Readonly<Record<string, Referenced>>;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema & Referenced }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}
interface Operation {
  readonly responses: Readonly<Record<string, Referenced>>;
}
interface Path extends Readonly<Record<string, unknown>> {
  readonly parameters?: readonly Referenced[];
}
interface Document {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Path>>;
  readonly "x-otherwise": Readonly<Record<"another-address" | "another-method", Referenced>>;
}

/** Of the message and not of what it says: these are the HTTP library's, and its tests'. */
const OF_THE_MESSAGE = ["date", "uwebsockets", "content-length", "transfer-encoding"];
const METHODS = ["get", "head", "options", "post", "put", "patch", "delete", "trace"];
const PUBLIC = "docs/openapi.yaml";

interface Template {
  readonly path: string;
  /**
   * What stands before the last slash that is before the first parameter: a path is looked for where it lies deepest.
   */
  readonly folder: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly parameters: readonly { readonly parameter: Parameter; readonly pointer: string }[];
}

export class ApiDescription {
  readonly document: Document;
  readonly #ajv = new Ajv2020({ allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #templates: readonly Template[];
  readonly #seen = new Set<string>();

  readonly #file: string;
  readonly #isMethodFirst: boolean;

  /** @param isMethodFirst whether another method is refused at an address that there is not, too */
  constructor(file = PUBLIC, isMethodFirst = true) {
    this.#file = file;
    this.#isMethodFirst = isMethodFirst;
    this.document = read(file);
    addFormats.default(this.#ajv);
    // Schemas refer to others from the root of the document, which is none itself: what it consists of means nothing to
    // Ajv.
    this.#ajv.addVocabulary(Object.keys(this.document));
    for (const each of new Set([PUBLIC, file])) this.#ajv.addSchema(read(each), basename(each));
    this.#templates = Object.entries(this.document.paths).map(([path, item]) => this.#template(path, item));
  }

  /** The path templates and the methods that each has. */
  get operations(): readonly { readonly path: string; readonly method: string }[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).map((method) => ({ path, method: method.toUpperCase() })),
    );
  }

  /** A parameter of `components`, by its key there. */
  parameter(key: string): Parameter {
    return this.#at(`#/components/parameters/${key}`) as Parameter;
  }

  /** The media types of a response of `components`. */
  mediaTypes(key: string): readonly string[] {
    return Object.keys((this.#at(`#/components/responses/${key}`) as Response).content ?? {});
  }

  /** What the description does not allow in an answer, a line each. */
  faultsOf(asked: Asked, received: Received): string[] {
    const path = asked.address.split("?", 1)[0]!;
    const { template, isWithin } = this.#find(path);
    const { status } = received;
    const item = template === undefined ? undefined : this.document.paths[template.path]!;
    const named = METHODS.find((name) => name.toUpperCase() === asked.method);
    // Where the description says so once for all, HEAD is as GET.
    const method = named === "head" && item !== undefined && !("head" in item) ? "get" : named;
    if (method !== undefined && item !== undefined && method in item) {
      const place = `#/paths/${escape(template!.path)}/${method}`;
      const { responses } = item[method] as Operation;
      if (!(String(status) in responses)) return [`status ${status} is none of ${Object.keys(responses).join(", ")}`];
      if (!isWithin && status < 400) return ["found, although the path's parameters are none that are described"];
      return this.#compare(`${place}/responses/${status}`, asked, received);
    }
    if (status >= 400 && received.headers["connection"] === "close") return [`a refusal of a request that is one`];
    const isAddress = this.#isMethodFirst ? asked.method === "GET" || asked.method === "HEAD" : item === undefined;
    const otherwise = isAddress ? "another-address" : "another-method";
    const expected = otherwise === "another-address" ? 404 : 405;
    if (status !== expected) return [`status ${status} where ${expected} is described (${otherwise})`];
    return this.#compare(`#/x-otherwise/${otherwise}`, asked, received);
  }

  /** What the description promises, or leaves open, and no answer so far has borne out. */
  unseen(): string[] {
    const otherwise = Object.keys(this.document["x-otherwise"]).map((name) => `#/x-otherwise/${name}`);
    const places = this.operations.flatMap(({ path, method }) => {
      const place = `#/paths/${escape(path)}/${method.toLowerCase()}`;
      const { responses } = this.document.paths[path]![method.toLowerCase()] as Operation;
      return Object.keys(responses).map((status) => `${place}/responses/${status}`);
    });
    const promised = [...places, ...otherwise].flatMap((place) => [place, ...this.#promisesOf(place)]);
    return promised.filter((promise) => !this.#seen.has(promise));
  }

  #promisesOf(place: string): string[] {
    const { value, pointer } = this.#response(place);
    const promises: string[] = [];
    for (const name of Object.keys(value.headers ?? {})) {
      const header = this.#header(`${pointer}/headers/${name}`).value;
      promises.push(`${place} ${name}`);
      if (header.required !== true) promises.push(`${place} ${name}: absent`);
      for (const one of header.schema.enum ?? []) promises.push(`${place} ${name}: ${one}`);
    }
    for (const [type, { schema }] of Object.entries(value.content ?? {})) {
      promises.push(`${place} as ${type}`);
      if (place.includes("/head/") || schema?.$ref?.startsWith("#") !== true) continue;
      const { properties = {}, required = [] } = this.#at(schema.$ref) as Schema;
      for (const name of Object.keys(properties)) {
        promises.push(`${place} member ${name}`);
        if (!required.includes(name)) promises.push(`${place} member ${name}: absent`);
      }
    }
    return promises;
  }

  #compare(place: string, asked: Asked, received: Received): string[] {
    const { value, pointer } = this.#response(place);
    this.#seen.add(place);
    return [
      ...this.#compareHeaders(place, value, pointer, received),
      ...this.#compareBody(place, value, pointer, asked, received),
    ];
  }

  #compareHeaders(place: string, response: Response, pointer: string, { headers }: Received): string[] {
    const faults: string[] = [];
    const described = new Map(Object.keys(response.headers ?? {}).map((name) => [name.toLowerCase(), name]));
    for (const name of Object.keys(headers))
      if (!described.has(name) && name !== "content-type" && !OF_THE_MESSAGE.includes(name))
        faults.push(`header ${name} is not described`);
    for (const [lowerCase, name] of described) {
      const header = this.#header(`${pointer}/headers/${name}`);
      const value = headers[lowerCase];
      if (value === undefined && header.value.required === true) faults.push(`header ${name} is missing`);
      this.#seen.add(`${place} ${name}${value === undefined ? ": absent" : ""}`);
      if (value === undefined) continue;
      this.#seen.add(`${place} ${name}: ${value}`);
      faults.push(...this.#check(`${header.pointer}/schema`, value, `header ${name}: ${value}`));
    }
    return faults;
  }

  #compareBody(place: string, { content = {} }: Response, pointer: string, asked: Asked, received: Received): string[] {
    const { headers, body, status } = received;
    const type = headers["content-type"];
    const types = Object.keys(content);
    if (types.length === 0) {
      if (type !== undefined) return [`type ${type} where none is described`];
      return status < 400 && body.length > 0 ? ["a body where none is described"] : [];
    }
    if (type === undefined || !types.includes(type)) return [`type ${String(type)} is none of ${types.join(", ")}`];
    this.#seen.add(`${place} as ${type}`);
    if (asked.method === "HEAD") return body.length > 0 ? ["a body for HEAD"] : [];
    const { schema } = content[type]!;
    if (body.length === 0 && schema?.maxLength !== 0) return ["no body"];
    if (schema === undefined) return [];
    const text = body.toString("utf8");
    const value: unknown = type === "application/json" ? JSON.parse(text) : text;
    if (type === "application/json" && schema.$ref?.startsWith("#") === true)
      for (const name of Object.keys((this.#at(schema.$ref) as Schema).properties ?? {}))
        this.#seen.add(`${place} member ${name}${name in (value as object) ? "" : ": absent"}`);
    return this.#check(`${pointer}/content/${escape(type)}/schema`, value, `body: ${text.slice(0, 400)}`);
  }

  #check(pointer: string, value: unknown, what: string): string[] {
    let validate = this.#validators.get(pointer);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: basename(this.#file) + encodeURI(pointer) });
      this.#validators.set(pointer, validate);
    }
    return validate(value) ? [] : [`${what}: ${this.#ajv.errorsText(validate.errors)}`];
  }

  /** Where the templates' folders lie in each other, the deepest counts, as it does for the server. */
  #find(path: string): { template: Template | undefined; isWithin: boolean } {
    const folders = this.#templates.map(({ folder }) => folder).filter((folder) => path.startsWith(folder));
    const deepest = folders.reduce((one, other) => (other.length > one.length ? other : one), "");
    const template = this.#templates.find(({ folder, pattern }) => folder === deepest && pattern.test(path));
    const values = template?.pattern.exec(path)?.slice(1) ?? [];
    const isWithin = values.every((text, at) => {
      const { pointer } = template!.parameters.find(({ parameter }) => parameter.name === template!.names[at])!;
      // As a number goes into an address: no sign, no leading zero.
      return this.#check(pointer, /^(0|[1-9]\d*)$/.test(text) ? Number(text) : text, text).length === 0;
    });
    return { template, isWithin };
  }

  #template(path: string, item: Path): Template {
    const literal = path.split("{", 1)[0]!;
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const pattern = path.split(/\{\w+\}/).map((text) => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&"));
    const parameters = (item.parameters ?? [])
      .map((_, at) => this.#follow(`#/paths/${escape(path)}/parameters/${at}`))
      .map(({ value, pointer }) => ({ parameter: value as Parameter, pointer: `${pointer}/schema` }))
      .filter(({ parameter }) => parameter.in === "path");
    return {
      path,
      folder: literal.slice(0, literal.lastIndexOf("/") + 1),
      pattern: new RegExp(`^${pattern.join("([^/]+)")}$`),
      names,
      parameters,
    };
  }

  #response(pointer: string): { value: Response; pointer: string } {
    const followed = this.#follow(pointer);
    return { ...followed, value: followed.value as Response };
  }

  #header(pointer: string): { value: Header; pointer: string } {
    const followed = this.#follow(pointer);
    return { ...followed, value: followed.value as Header };
  }

  /** What is at a place, and at what place it is indeed, where it was a reference. */
  #follow(pointer: string): { value: unknown; pointer: string } {
    const value = this.#at(pointer);
    const { $ref } = value as Referenced;
    return $ref === undefined ? { value, pointer } : this.#follow($ref);
  }

  #at(pointer: string): unknown {
    let value: unknown = this.document;
    for (const part of pointer.split("/").slice(1)) {
      value = (value as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
      if (value === undefined) throw new Error(`${this.#file} has no ${pointer}`);
    }
    return value;
  }
}

function read(file: string): Document {
  return parse(readFileSync(join(ROOT, file), "utf8")) as Document;
}

function escape(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
