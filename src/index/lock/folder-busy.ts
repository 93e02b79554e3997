/** Says that another build, or a pull, has the lock of a folder. */
export const LOCK_FILE = ".build.lock";

export class FolderBusyError extends Error {
  override readonly name = "FolderBusyError";

  /** `holder` is the id of its process, where the file tells it */
  constructor(
    folder: string,
    readonly holder: string | undefined,
  ) {
    const who = holder === undefined ? "another build or pull" : `another build or pull (process ${holder})`;
    super(`${folder}: ${who} is running there: wait until it ends, and start again`);
  }
}
