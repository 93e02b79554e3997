/** What is used of a package that has no types of its own. */
declare module "fs-native-extensions" {
  /**
   * Asks for an exclusive lock on an open file, which the system takes back when the process ends, however it ends.
   * @returns false where somebody else has it
   */
  export function tryLock(descriptor: number): boolean;
}
