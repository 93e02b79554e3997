/** Declares what is used of a package that has no types. */
declare module "fs-native-extensions" {
  /** False where another process has the lock, which the system releases however that process ends. */
  export function tryLock(descriptor: number): boolean;
}
