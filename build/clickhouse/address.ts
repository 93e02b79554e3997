/** Reads the address of a ClickHouse server, its user and its database: `http://user@host:8123/database`. */
import { UsageError } from "../../src/options/options.js";

export interface Address {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** As reports and errors name it; it holds no password. */
  readonly text: string;
}

/** What needs no quoting in a statement. */
const NAME = /^[A-Za-z_]\w*$/;
const EXPECTED = "expected http://user@host:8123/database, or https://";

/** The text is in no message: a password that does not belong there may be in it. @throws UsageError */
export function addressOf(given: string): Address {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw new UsageError(`--clickhouse: is no address, ${EXPECTED}`);
  if (url.password !== "")
    throw new UsageError(
      "--clickhouse: has a password, which others can read there: set CLICKHOUSE_PASSWORD or CLICKHOUSE_PASSWORD_FILE",
    );
  if (url.search !== "" || url.hash !== "") throw new UsageError(`--clickhouse: has more than a database, ${EXPECTED}`);
  const isSecure = url.protocol === "https:";
  const database = url.pathname.replace(/^\/|\/$/g, "");
  if (!NAME.test(database))
    throw new UsageError(
      `--clickhouse: its database is ${JSON.stringify(database)}, expected letters, digits and underscores: ${EXPECTED}`,
    );
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const user = decodeURIComponent(url.username) || "default";
  return {
    isSecure,
    port,
    user,
    database,
    // An IPv6 address stands in brackets in a URL only.
    host: url.hostname.replace(/^\[|\]$/g, ""),
    text: `${url.protocol}//${url.hostname}:${port}/${database}`,
  };
}

/** @throws UsageError */
export function requireClusterName(name: string): void {
  if (!/^[\w.-]+$/.test(name))
    throw new UsageError(`--cluster: got ${JSON.stringify(name)}, expected letters, digits, ., - and _`);
}
