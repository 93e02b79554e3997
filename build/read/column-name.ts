/** Reads the names that files have for our columns, as they are given on the command line. */
import type { ValueKind } from "../../src/options/values.js";
import { EVENT_COLUMNS } from "./event-rows.js";
import { plainName, type ColumnName } from "./header.js";

const OURS = [...new Set(Object.values(EVENT_COLUMNS).flatMap((columns) => columns.map(({ name }) => name)))];

export const COLUMN_NAME: ValueKind<ColumnName> = {
  placeholder: "OURS=THEIRS",
  allowed: `a column of ours, = and its name in the files; ours are ${OURS.join(", ")}`,
  parse: (text) => {
    const [, given = "", theirs = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const ours = OURS.find((name) => plainName(name) === plainName(given));
    return ours === undefined || theirs.trim() === "" ? undefined : { ours, theirs: theirs.trim() };
  },
};
