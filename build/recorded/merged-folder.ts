/** Makes a data folder of links to what several servers recorded, beside the lists of campaigns and placements. */
import { existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DataError } from "../read/data-error.js";
import { eventColumns } from "../read/event-columns.js";
import { EVENT_KINDS, isNamed, kindOf, unpackedName } from "../read/file-name.js";
import { LISTS } from "../read/find.js";
import { closedFiles, type ClosedFile } from "./closed-files.js";

export class MergedFolder {
  private constructor(
    readonly path: string,
    readonly events: readonly ClosedFile[],
    readonly records: readonly string[],
  ) {}

  /**
   * @param path an empty folder
   * @param lists the folder of campaigns.csv and placements.csv, where there is one
   * @throws DataError where a folder cannot be read, or files of two folders have one name
   */
  static make(path: string, records: readonly string[], lists: string | undefined): MergedFolder {
    const events = records.flatMap(closedFiles);
    const first = new Map<string, ClosedFile>();
    for (const file of events) {
      const other = first.get(unpackedName(file.name));
      if (other !== undefined)
        throw new DataError(
          `${other.path} and ${file.path} have the same name: servers that record never use one twice, so keep one of them`,
        );
      first.set(unpackedName(file.name), file);
      symlinkSync(resolve(file.path), join(path, file.name));
    }
    // Servers write no file without a row: there was no such event.
    for (const kind of EVENT_KINDS.filter((each) => !events.some(({ name }) => kindOf(name) === each)))
      writeFileSync(
        join(path, `${kind}-none.csv`),
        `${eventColumns(kind, true)
          .map(({ name }) => name)
          .join(",")}\n`,
      );
    const isList = (name: string): boolean => LISTS.some((list) => isNamed(name, list));
    for (const name of lists === undefined ? [] : readdirSync(lists).filter(isList))
      symlinkSync(resolve(lists!, name), join(path, name));
    return new MergedFolder(path, events, records);
  }

  /** Whether all that it leads to is there: a compaction takes files away, and puts another in their place. */
  get isWhole(): boolean {
    return this.events.every(({ path }) => existsSync(path));
  }

  /** A message about files here, as one about those that it leads to. */
  explained(message: string): string {
    return message.replaceAll(`${this.path}/`, "").replaceAll(this.path, this.records.join(", "));
  }
}
