/** Reads the token of the administration port. */
import { readPortToken } from "../private-port/token.js";

export interface TokenSettings {
  readonly ADMIN_TOKEN: string;
  readonly ADMIN_TOKEN_FILE: string;
}

/** Undefined where none is set. @throws UsageError */
export function readToken({ ADMIN_TOKEN: token, ADMIN_TOKEN_FILE: file }: TokenSettings): string | undefined {
  return readPortToken("ADMIN_TOKEN", token, file);
}
