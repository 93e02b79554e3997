/** Reads the names that files have for our columns, as they are given on the command line. */
import type { ValueKind } from "../../src/options/values.js";
import { EVENT_COLUMNS, TIMESTAMP } from "./event-columns.js";
import { plainName, type ColumnName } from "./header.js";

const COLUMNS = [TIMESTAMP, ...Object.values(EVENT_COLUMNS).flat()];
const OURS = [...new Set(COLUMNS.map(({ name }) => name))];

export const COLUMN_NAME: ValueKind<ColumnName> = {
  placeholder: "OURS=THEIRS",
  allowed: `a column of ours, = and its name in the files; ours are ${OURS.join(", ")}`,
  parse: (text) => {
    const [, given = "", theirs = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const ours = OURS.find((name) => plainName(name) === plainName(given));
    return ours === undefined || theirs.trim() === "" ? undefined : { ours, theirs: theirs.trim() };
  },
};
