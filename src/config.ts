/** Reads the server's settings by one table, from options and the environment. Only this file reads `process.env`. */
import { availableParallelism } from "node:os";
import { UsageError, valueOf, type ValueOption } from "./options/options.js";
import {
  CURRENCY,
  FILE,
  FOLDER,
  machineTimeZone,
  oneOf,
  oneWordOf,
  orNone,
  text,
  TIME_ZONE,
  wholeNumber,
} from "./options/values.js";
import { SAME_SITE, type CookieSettings } from "./response/cookie.js";
import { ROTATIONS, type Rotation } from "./decision/decide.js";
import { BANNER_PATH } from "./response/image.js";
import { ENGINES, type Engine } from "./server/engine.js";
import { memoryLimit } from "./index/load.js";
import { INDEX_ADDRESS } from "./pull/address.js";
import { PUBLIC_KEY } from "./pull/signature.js";
import { INDEX_TOKEN } from "./pull/token.js";
import { S3_VARIABLES, type S3Environment } from "./pull/s3.js";
import { TOKEN } from "./private-port/token.js";
import { HEADER_NAME } from "./recording/header-name.js";
import type { Supervision } from "./supervisor/notifier.js";

/** Parsed from its default where neither the option nor the variable is given, or the variable is empty. */
export interface Setting<Value> extends ValueOption<Value> {
  readonly default: string;
  /** No option, since everybody on the machine can read a process's arguments; shown in no message. */
  readonly isSecret?: true;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

export const VARIABLES = {
  HOST: {
    default: "0.0.0.0",
    ...text("ADDRESS", "an address of this machine"),
    help: "Address that the public port listens on; `127.0.0.1` serves this machine only",
  },
  PORT: { default: "8080", ...wholeNumber(0, 65535), help: "Public port; 0 takes a free one" },
  WORKERS: {
    // Elsewhere the system does not share the connections to a port out among those who listen on it.
    default: String(process.platform === "linux" ? availableParallelism() : 1),
    shownDefault: "the machine's cores",
    ...wholeNumber(1, 256),
    help: "Worker threads that serve the public port",
  },
  INDEX_FILE: { default: "dist-index/index.bin", ...FILE, help: "The index to serve" },
  INDEX_URL: {
    default: "",
    ...orNone(INDEX_ADDRESS),
    help: "Where the index comes from (http, https, s3), to be kept as INDEX_FILE; from nowhere if empty",
  },
  INDEX_POLL: {
    default: "60",
    ...wholeNumber(1, 86_400),
    help: "Seconds until INDEX_URL is asked again, a fifth more or less; after failures 1 s, then longer and longer",
  },
  INDEX_MAX_BYTES: {
    default: String(memoryLimit()),
    shownDefault: "the machine's memory",
    ...wholeNumber(1, Number.MAX_SAFE_INTEGER),
    help: "Bytes that an index from INDEX_URL may have",
  },
  INDEX_PUBLIC_KEY: {
    default: "",
    ...PUBLIC_KEY,
    help: "Key that every index must be signed by, as `billboard keygen` prints it; none need be signed if empty",
  },
  INDEX_ALLOW_OLDER: {
    default: "0",
    ...oneOf({ 1: true, 0: false }),
    help: "Whether a signed index may have a lower sequence than the one that is served; `1` does",
  },
  SWITCH_AT: {
    default: "now",
    ...oneWordOf<"now" | "period">(["now", "period"]),
    help: "When an index from INDEX_URL is served: at once, or at the moment that `index.bin.switch` beside it names",
  },
  INDEX_TOKEN: {
    default: "",
    ...INDEX_TOKEN,
    isSecret: true,
    help: "What the server is sent, as bearer token, from which the index comes or to which it is published",
  },
  INDEX_TOKEN_FILE: {
    default: "",
    ...FILE,
    help: "File with that token in its one line, in place of INDEX_TOKEN; only its owner and group may read it",
  },
  TIME_ZONE: {
    // "" is not allowed: then the zone has no name.
    default: machineTimeZone(process.env["TZ"]) ?? "",
    shownDefault: "the machine's",
    ...TIME_ZONE,
    help: "Time zone whose minutes decide the period",
  },
  PERIOD: {
    default: "",
    ...orNone(wholeNumber(1, 60)),
    help: "Period that visitors get all the time, for demonstrations; the clock's if empty",
  },
  ROTATION: {
    default: "no-repeat",
    ...oneWordOf<Rotation>(ROTATIONS),
    help:
      "How a visitor's banners follow each other: none twice in a row; in a `sequence`, each once before any comes " +
      "again; or `independent`",
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
    ...oneWordOf<CookieSettings["sameSite"]>(SAME_SITE),
    help:
      "On which sites' pages browsers send the cookie; `None`, for pages that other sites embed, makes it Secure " +
      "and Partitioned",
  },
  BANNER_BASE_URL: {
    default: BANNER_PATH,
    placeholder: "URL",
    parse: baseUrl,
    allowed: "an http(s) address or a path that starts with /, without ? and #",
    help: "Where pages take the images from, for a CDN in front",
  },
  ALLOWED_ORIGINS: {
    default: "",
    placeholder: "ORIGINS",
    parse: origins,
    allowed: "`*`, or origins such as https://www.example.com with commas between them",
    help: "Sites whose programs, such as `embed.js`, may read decisions; `*` for any, which may send no cookies then",
  },
  ENGINE: {
    default: "auto",
    ...oneWordOf<"auto" | Engine>(["auto", ...ENGINES]),
    help: "What serves the public port: uWebSockets.js (`uws`), node:http (`node`), or `auto`: `uws` where it loads",
  },
  UWS_ALLOW_OTHER: {
    default: "0",
    ...oneOf({ 1: true, 0: false }),
    help: "Whether to serve with another binary of uWebSockets.js than those that are known; `1` does",
  },
  LOG_LEVEL: {
    default: "info",
    ...oneWordOf(LOG_LEVELS),
    help: "The least severe events that are logged",
  },
  ACCESS_LOG_SAMPLE: {
    default: "0",
    placeholder: "SHARE",
    parse: share,
    allowed: "a number from 0 to 1",
    help: "Share of the requests that are logged, without anything of the visitor",
  },
  PUBLIC_URL: {
    default: "",
    placeholder: "URL",
    parse: publicUrl,
    allowed: "an http(s) address without ? and #",
    help: "Where visitors reach the public port, for what the dashboard gives to copy and for links of clicks; its own host if empty",
  },
  CURRENCY: {
    default: "",
    ...orNone(CURRENCY),
    help: "Currency in which the dashboard shows money; none if empty",
  },
  RECORD: {
    default: "",
    ...FOLDER,
    help: "Folder in which the server records what it showed, what was clicked, and conversions, for builds; none if empty",
  },
  RECORD_KEY_FILE: {
    default: "",
    ...FILE,
    help:
      "File with the key of decisions' ids, which replicas share, in its one line: 64 hex digits; needed with RECORD. " +
      "Only its owner and group may read it",
  },
  RECORD_SYNC: {
    default: "1",
    ...wholeNumber(0, 3600),
    help: "Seconds until what is recorded is on the disk, should the machine fail; 0 waits for it at each write",
  },
  CLICK_MAX_AGE: {
    default: "86400",
    ...wholeNumber(1, 34_560_000),
    help: "Seconds in which a click on a banner that was shown counts",
  },
  RECORD_IGNORE_HEADER: {
    default: "",
    ...orNone(HEADER_NAME),
    help: "Header by which a proxy marks requests, as of bots, that are served and not recorded; none if empty",
  },
  RECORD_HEED_GPC: {
    default: "off",
    ...oneOf({ on: true, off: false }),
    help: "Whether requests with `Sec-GPC: 1` or `DNT: 1` are served and not recorded",
  },
  CONVERSION_HOST: {
    default: "127.0.0.1",
    ...text("ADDRESS", "an address of this machine"),
    help: "Address that the conversions' port listens on",
  },
  CONVERSION_PORT: {
    default: "",
    ...orNone(wholeNumber(0, 65535)),
    help: "Port to which advertisers' servers send conversions; needs RECORD; none if empty, 0 takes a free one",
  },
  CONVERSION_TOKEN: {
    default: "",
    ...TOKEN,
    isSecret: true,
    help: "What the conversions' port asks for; needed where CONVERSION_HOST is not loopback",
  },
  CONVERSION_TOKEN_FILE: {
    default: "",
    ...FILE,
    help: "File with that token in its one line, in place of CONVERSION_TOKEN; only its owner and group may read it",
  },
  ADMIN_HOST: {
    default: "127.0.0.1",
    ...text("ADDRESS", "an address of this machine"),
    help: "Address that the administration port listens on",
  },
  ADMIN_PORT: { default: "8081", ...wholeNumber(0, 65535), help: "Administration port; 0 takes a free one" },
  ADMIN_ALLOWED_HOSTS: {
    default: "",
    placeholder: "NAMES",
    parse: hostNames,
    allowed: "names, with commas between them",
    help: "Host names by which the administration port may be asked, beside `localhost` and its address",
  },
  ADMIN_SOCKET: {
    default: "",
    ...FILE,
    help: "Unix socket in place of the administration port, for this user alone",
  },
  ADMIN_TOKEN: {
    default: "",
    ...TOKEN,
    isSecret: true,
    help:
      "What the administration port asks for; needed where ADMIN_HOST is not loopback. Commands send it too. " +
      "`openssl rand -hex 32` makes one",
  },
  ADMIN_TOKEN_FILE: {
    default: "",
    ...FILE,
    help: "File with the token in its one line, in place of ADMIN_TOKEN; only its owner and group may read it",
  },
  HEALTH_HOST: {
    default: "0.0.0.0",
    ...text("ADDRESS", "an address of this machine"),
    help: "Address that the health port listens on",
  },
  HEALTH_PORT: {
    default: "",
    ...orNone(wholeNumber(0, 65535)),
    help: "Port for probes and Prometheus, with `/healthz`, `/readyz` and `/metrics` alone; none if empty, 0 takes a free one",
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
  HANG_TIMEOUT: {
    default: "30",
    ...wholeNumber(0, 3600),
    help: "Seconds that a worker may hang before the server ends itself, for whoever restarts it; 0 waits for ever",
  },
  PID_FILE: {
    default: "",
    ...FILE,
    help: "File by which `billboard stop`, `reload` and `status` find the server while it runs; none if empty",
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type Config = {
  readonly [Name in keyof typeof VARIABLES]: (typeof VARIABLES)[Name] extends Setting<infer Value> ? Value : never;
};

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

function publicUrl(address: string): string | undefined {
  if (address === "") return address;
  // Neither a name nor a password belongs into what is copied.
  return /^https?:\/\/[^/@]+(\/|$)/i.test(address) ? baseUrl(address)?.replace(/\/+$/, "") : undefined;
}

export type OptionName<Name extends string> = Name extends `${infer Word}_${infer Rest}`
  ? `${Lowercase<Word>}-${OptionName<Rest>}`
  : Lowercase<Name>;

export function optionNameOf<Name extends string>(variable: Name): OptionName<Name> {
  return variable.toLowerCase().replaceAll("_", "-") as OptionName<Name>;
}

/** An option that is not given is undefined, so that the variable can hold. */
export function settingOptions<Name extends keyof Config>(
  names: readonly Name[],
): { readonly [Each in Name as OptionName<Each>]: ValueOption<Config[Each]> } {
  const options = names.map((name) => {
    const { default: fallback, shownDefault = fallback, ...option }: Setting<unknown> = VARIABLES[name];
    return [optionNameOf(name), { ...option, shownDefault }];
  });
  return Object.fromEntries(options) as ReturnType<typeof settingOptions<Name>>;
}

export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly (keyof Config)[];

export function isSecret(name: keyof Config): boolean {
  return (VARIABLES[name] as Setting<unknown>).isSecret ?? false;
}

export const OPTION_NAMES = VARIABLE_NAMES.filter((name) => !isSecret(name));

/** `options` win over the environment. @throws UsageError for a variable whose value is not allowed */
export function readConfig(
  options: Readonly<Record<string, unknown>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const settings = VARIABLE_NAMES.map((name) => {
    const variable: Setting<unknown> = VARIABLES[name];
    const text = environment[name];
    if (name === "TIME_ZONE" && (text ?? "") === "" && variable.default === "" && options["time-zone"] === undefined)
      throw new UsageError(
        "TIME_ZONE: the zone of this machine has no name that Node.js knows: set TIME_ZONE, such as to Europe/Berlin",
      );
    const given = text === undefined || text === "" ? variable.default : text;
    if (isSecret(name) && variable.parse(given) === undefined)
      throw new UsageError(`${name}: its value, which is not shown, is not ${variable.allowed}`);
    return [name, options[optionNameOf(name)] ?? valueOf(name, variable, given)];
  });
  return Object.freeze(Object.fromEntries(settings)) as Config;
}

/** What systemd sets for a unit that wants to be notified; sd_notify(3), sd_watchdog_enabled(3). */
export function readSupervision(environment: NodeJS.ProcessEnv = process.env): Supervision {
  const { NOTIFY_SOCKET = "", WATCHDOG_USEC = "", WATCHDOG_PID = "" } = environment;
  const isForUs = WATCHDOG_PID === "" || WATCHDOG_PID === String(process.pid);
  const watchdogMs = isForUs && /^[1-9]\d{0,11}$/.test(WATCHDOG_USEC) ? Number(WATCHDOG_USEC) / 1000 : 0;
  return { isNotified: NOTIFY_SOCKET !== "", watchdogMs };
}

/** Where an object store is, and who asks it, by the variables that its own programs have. */
export function readS3Environment(environment: NodeJS.ProcessEnv = process.env): S3Environment {
  return Object.fromEntries(S3_VARIABLES.map((name) => [name, environment[name]]));
}
