/** Describes what a page says of its server or its build, in its element `#settings`. */

export interface Settings {
  /** ISO 4217; null for none. */
  readonly currency: string | null;
  /** Null in a report, which no server stands behind. */
  readonly server: ServerSettings | null;
}

export interface ServerSettings {
  readonly rotation: "no-repeat" | "sequence" | "independent";
  /** Where visitors reach it, without a slash at the end; null for this page's host at the public port. */
  readonly public_url: string | null;
  readonly port: number;
  /** Whether what is shown and clicked is recorded. */
  readonly records: boolean;
  /** Whether one can log out. */
  readonly has_session: boolean;
}
