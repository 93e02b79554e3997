/** The environment to a checked, frozen configuration: one table, and the only reader of `process.env`. */
import { availableParallelism } from "node:os";
import { SAME_SITE, type CookieSettings } from "./response/cookie.js";
import { ROTATIONS, type Rotation } from "./decision/decide.js";
import { BANNER_PATH } from "./response/image.js";

export interface Config {
  readonly HOST: string;
  readonly PORT: number;
  readonly WORKERS: number;
  readonly INDEX_FILE: string;
  readonly TIME_ZONE: string;
  readonly ROTATION: Rotation;
  readonly COOKIES: boolean;
  readonly COOKIE_MAX_AGE: number;
  readonly COOKIE_SECURE: boolean;
  readonly COOKIE_SAMESITE: CookieSettings["sameSite"];
  readonly BANNER_BASE_URL: string;
  readonly ALLOWED_ORIGINS: readonly string[];
  readonly LOG_LEVEL: string;
  readonly ACCESS_LOG_SAMPLE: number;
  readonly ADMIN_HOST: string;
  readonly ADMIN_PORT: number;
  readonly ADMIN_ALLOWED_HOSTS: readonly string[];
  readonly SHUTDOWN_DELAY: number;
  readonly SHUTDOWN_TIMEOUT: number;
  readonly PID_FILE: string;
}

/** Says which variable is wrong, what it holds and what is allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

interface Variable<Value> {
  /** What an unset or empty variable counts as. */
  readonly default: string;
  /** undefined where the text is not allowed. */
  readonly parse: (text: string) => Value | undefined;
  /** Completes "expected …". */
  readonly allowed: string;
  /** For the README. */
  readonly help: string;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

function wholeNumber(least: number, most: number): Pick<Variable<number>, "parse" | "allowed"> {
  return {
    parse: (text) =>
      /^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined,
    allowed: `a whole number from ${least} to ${most}`,
  };
}

function oneOf<Value>(values: Readonly<Record<string, Value>>): Pick<Variable<Value>, "parse" | "allowed"> {
  return {
    parse: (text) => (Object.hasOwn(values, text) ? values[text] : undefined),
    allowed: `one of ${Object.keys(values).join(", ")}`,
  };
}

function namesOf<Name extends string>(names: readonly Name[]): Readonly<Record<string, Name>> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

const text = (allowed: string): Pick<Variable<string>, "parse" | "allowed"> => ({ parse: (value) => value, allowed });

export const VARIABLES: { readonly [Name in keyof Config]: Variable<Config[Name]> } = {
  HOST: {
    default: "0.0.0.0",
    ...text("an address of this machine"),
    help: "Address that the public port listens on; `127.0.0.1` serves this machine only",
  },
  PORT: { default: "8080", ...wholeNumber(0, 65535), help: "Public port; 0 takes a free one" },
  WORKERS: {
    // Elsewhere the system does not share the connections to a port out among those who listen on it.
    default: String(process.platform === "linux" ? availableParallelism() : 1),
    ...wholeNumber(1, 256),
    help: "Worker threads that serve the public port",
  },
  INDEX_FILE: { default: "dist-index/index.bin", ...text("a path"), help: "The index to serve" },
  TIME_ZONE: {
    default: Intl.DateTimeFormat().resolvedOptions().timeZone,
    parse: timeZone,
    allowed: "an IANA time zone such as Europe/Berlin",
    help: "Time zone whose minutes decide the period",
  },
  ROTATION: {
    default: "no-repeat",
    ...oneOf<Rotation>(namesOf(ROTATIONS)),
    help: "How a visitor's banners follow each other: none twice in a row; in a `sequence`, each once before any comes again; or `independent`",
  },
  COOKIES: {
    default: "on",
    ...oneOf({ on: true, off: false }),
    help: "Whether visitors get a cookie; without it, a banner may come twice in a row",
  },
  COOKIE_MAX_AGE: {
    default: "2592000",
    ...wholeNumber(0, 34_560_000),
    help: "How long a browser remembers its last banner, in seconds",
  },
  COOKIE_SECURE: {
    default: "false",
    ...oneOf({ true: true, false: false }),
    help: "Whether browsers send the cookie over HTTPS only",
  },
  COOKIE_SAMESITE: {
    default: "Lax",
    ...oneOf<CookieSettings["sameSite"]>(namesOf(SAME_SITE)),
    help: "On which sites' pages browsers send the cookie; `None`, for pages that other sites embed, makes it Secure and Partitioned",
  },
  BANNER_BASE_URL: {
    default: BANNER_PATH,
    parse: baseUrl,
    allowed: "an http(s) address or a path that starts with /, without ? and #",
    help: "Where pages take the images from, for a CDN in front",
  },
  ALLOWED_ORIGINS: {
    default: "",
    parse: origins,
    allowed: "`*`, or origins such as https://www.example.com with commas between them",
    help: "Sites whose programs, such as `embed.js`, may read decisions; `*` for any, which may send no cookies then",
  },
  LOG_LEVEL: {
    default: "info",
    ...oneOf(namesOf(LOG_LEVELS)),
    help: "The least severe events that are logged",
  },
  ACCESS_LOG_SAMPLE: {
    default: "0",
    parse: share,
    allowed: "a number from 0 to 1",
    help: "Share of the requests that are logged, without anything of the visitor",
  },
  ADMIN_HOST: {
    default: "127.0.0.1",
    ...text("an address of this machine"),
    help: "Address that the administration port listens on",
  },
  ADMIN_PORT: { default: "8081", ...wholeNumber(0, 65535), help: "Administration port; 0 takes a free one" },
  ADMIN_ALLOWED_HOSTS: {
    default: "",
    parse: hostNames,
    allowed: "names, with commas between them",
    help: "Host names by which the administration port may be asked, beside `localhost` and its address",
  },
  SHUTDOWN_DELAY: {
    default: "0",
    ...wholeNumber(0, 3600),
    help: "Seconds between the signal to end, when `/readyz` turns to 503, and the closing of the port",
  },
  SHUTDOWN_TIMEOUT: {
    default: "10",
    ...wholeNumber(0, 3600),
    help: "Seconds that the rest of a shutdown may take before connections are cut",
  },
  PID_FILE: {
    default: "",
    ...text("a path"),
    help: "File that holds the server's process id while it runs; none if empty",
  },
};

function timeZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    // The constructor's RangeError is how the platform says that it does not know a zone.
    return undefined;
  }
}

function hostNames(text: string): readonly string[] | undefined {
  const names = text === "" ? [] : text.toLowerCase().split(/ *, */);
  return names.every((name) => /^[a-z0-9.:_-]+$/.test(name)) ? Object.freeze(names) : undefined;
}

function share(text: string): number | undefined {
  return /^(0|1|[01]?\.\d{1,9}|1\.0+)$/.test(text) && Number(text) <= 1 ? Number(text) : undefined;
}

function origins(text: string): readonly string[] | undefined {
  if (text === "" || text === "*") return Object.freeze(text === "" ? [] : [text]);
  const given = text.split(/ *, */);
  // As browsers write them in the header: lower case, without the port that the scheme has anyway.
  const written = given.map((origin) =>
    /^https?:\/\/[^/?#\s@\\*]+$/i.test(origin) && URL.canParse(origin) ? new URL(origin).origin : "",
  );
  return written.includes("") ? undefined : Object.freeze(written);
}

function baseUrl(address: string): string | undefined {
  const isPath = /^\/(?!\/)[^\s?#]*$/.test(address);
  const isUrl = /^https?:\/\/[^\s?#]+$/i.test(address) && URL.canParse(address);
  if (!isPath && !isUrl) return undefined;
  // As it goes into a header: nothing but ASCII.
  const { origin, pathname } = new URL(address, "http://this.server");
  const path = pathname.endsWith("/") ? pathname : `${pathname}/`;
  return isPath ? path : origin + path;
}

/**
 * Reads and checks the whole table. A variable that is set to nothing counts as not set.
 * @throws ConfigError
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const config: Partial<Record<keyof Config, unknown>> = {};
  for (const name of Object.keys(VARIABLES) as (keyof Config)[]) {
    const { default: fallback, parse, allowed } = VARIABLES[name];
    const given = environment[name];
    const text = given === undefined || given === "" ? fallback : given;
    const value = parse(text);
    if (value === undefined) throw new ConfigError(`${name}: got ${JSON.stringify(text)}, expected ${allowed}`);
    config[name] = value;
  }
  return Object.freeze(config) as Config;
}
