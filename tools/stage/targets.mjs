/** Tells which native binaries of the packages a machine can load, from the names by which they are looked up. */

/** The version of the binary interface by the major version of Node.js, for those that packages have binaries for. */
const INTERFACES = { 20: "115", 22: "127", 24: "137", 25: "141" };

/** @typedef {{ platforms: readonly string[], interfaces: readonly string[] }} Targets platforms as in `linux-x64` */

/** @returns {Targets} */
export function thisMachine() {
  return { platforms: [`${process.platform}-${process.arch}`], interfaces: [process.versions.modules] };
}

/** @param {readonly string[]} platforms @param {readonly string[]} nodes major versions @returns {Targets} */
export function targetsOf(platforms, nodes) {
  for (const platform of platforms)
    if (!/^[a-z0-9]+-[a-z0-9]+$/.test(platform)) throw new Error(`--platforms: "${platform}" is not like linux-x64`);
  const interfaces = nodes.map((node) => {
    if (!Object.hasOwn(INTERFACES, node))
      throw new Error(`--nodes: "${node}" is none of ${Object.keys(INTERFACES).join(", ")}`);
    return INTERFACES[node];
  });
  return { platforms, interfaces };
}

/** @param {string} path within a package, with slashes @param {Targets} targets */
export function isForeign(path, { platforms, interfaces }) {
  const [, platform, arch, version] = /(?:^|\/)uws_([a-z0-9]+)_([a-z0-9]+)_(\d+)\.node$/.exec(path) ?? [];
  if (version !== undefined) return !platforms.includes(`${platform}-${arch}`) || !interfaces.includes(version);
  // Bare is another runtime.
  if (path.endsWith(".bare")) return true;
  const [, folder] = /(?:^|\/)prebuilds\/([^/]+)/.exec(path) ?? [];
  return folder !== undefined && !platforms.includes(folder);
}
