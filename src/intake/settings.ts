/** Makes of the settings what is recorded, and where conversions are taken. */
import { UsageError } from "../options/options.js";
import { readSecretFile } from "../options/secret.js";
import { readPortToken } from "../private-port/token.js";

export interface RecordingVariables {
  readonly RECORD: string;
  readonly RECORD_KEY_FILE: string;
  readonly RECORD_SYNC: number;
  readonly CLICK_MAX_AGE: number;
  readonly RECORD_IGNORE_HEADER: string;
  readonly RECORD_HEED_GPC: boolean;
  readonly PERIOD: number | "";
  readonly CONVERSION_PORT: number | "";
}

export interface RecordingSettings {
  readonly folder: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly syncSeconds: number;
  readonly clickMaxAge: number;
  /** In lower case; empty where there is none. */
  readonly ignoreHeader: string;
  readonly heedsGpc: boolean;
}

export interface ConversionVariables {
  readonly CONVERSION_HOST: string;
  readonly CONVERSION_PORT: number | "";
  readonly CONVERSION_TOKEN: string;
  readonly CONVERSION_TOKEN_FILE: string;
}

export interface ConversionSettings {
  readonly host: string;
  readonly port: number;
  /** Undefined where none is asked for. */
  readonly token: string | undefined;
}

const KEY_DIGITS = 64;
const MAKE_KEY = "`openssl rand -hex 32 > FILE; chmod 600 FILE` makes one";

/** Undefined where nothing is recorded. @throws UsageError */
export function recordingSettings(variables: RecordingVariables): RecordingSettings | undefined {
  const { RECORD: folder, RECORD_KEY_FILE, PERIOD, CONVERSION_PORT } = variables;
  if (folder === "") {
    if (CONVERSION_PORT !== "")
      throw new UsageError(
        "CONVERSION_PORT: conversions are recorded in RECORD, which is not set: set both, or neither",
      );
    return undefined;
  }
  if (PERIOD !== "")
    throw new UsageError(
      "RECORD and PERIOD are both set: keep one, since the period that PERIOD shows is not that of the recorded times",
    );
  if (RECORD_KEY_FILE === "")
    throw new UsageError(`RECORD needs RECORD_KEY_FILE, a file with a key that replicas share: ${MAKE_KEY}`);
  return {
    folder,
    key: readKey(RECORD_KEY_FILE),
    syncSeconds: variables.RECORD_SYNC,
    clickMaxAge: variables.CLICK_MAX_AGE,
    ignoreHeader: variables.RECORD_IGNORE_HEADER,
    heedsGpc: variables.RECORD_HEED_GPC,
  };
}

/** Undefined where there is no port for conversions. @throws UsageError */
export function conversionSettings(variables: ConversionVariables): ConversionSettings | undefined {
  const { CONVERSION_HOST: host, CONVERSION_PORT: port, CONVERSION_TOKEN, CONVERSION_TOKEN_FILE } = variables;
  if (port === "") return undefined;
  return { host, port, token: readPortToken("CONVERSION_TOKEN", CONVERSION_TOKEN, CONVERSION_TOKEN_FILE) };
}

function readKey(file: string): Uint8Array {
  // Two characters for a line end, and one by which a longer file shows.
  const line = readSecretFile("RECORD_KEY_FILE", file, KEY_DIGITS + 3).replace(/\r?\n$/, "");
  if (!/^[\da-f]{64}$/i.test(line))
    throw new UsageError(`RECORD_KEY_FILE: ${file} must hold one line: ${KEY_DIGITS} hex digits; ${MAKE_KEY}`);
  // Not Buffer.from: a worker is handed a copy of all of the memory that the key lies in.
  return Uint8Array.from(Buffer.from(line, "hex"));
}
