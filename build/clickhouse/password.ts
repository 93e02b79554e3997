/** Reads the password of the ClickHouse user from the environment, or from a file that it names. */
import { UsageError } from "../../src/options/options.js";
import { readFile } from "../../src/options/regular-file.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** "" where none is set. @throws UsageError, FileError */
export function passwordOf({
  CLICKHOUSE_PASSWORD: password = "",
  CLICKHOUSE_PASSWORD_FILE: file = "",
}: Environment): string {
  if (file === "") return password;
  if (password !== "") throw new UsageError("CLICKHOUSE_PASSWORD and CLICKHOUSE_PASSWORD_FILE are both set: keep one");
  const line = readFile(file)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  if (line === "" || /[\r\n]/.test(line))
    throw new UsageError(`CLICKHOUSE_PASSWORD_FILE: ${file} must hold one line, the password`);
  return line;
}
