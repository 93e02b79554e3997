/** Declares what is used of a package that has no types. */
declare module "fs-native-extensions" {
  /**
   * Takes an exclusive lock on an open file; the system releases it when the process ends, however it ends.
   * @returns false where another process has it
   */
  export function tryLock(descriptor: number): boolean;
}
