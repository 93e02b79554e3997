/** Tells whether threads may share a port by node:http: by SO_REUSEPORT, which Node.js has from 22.12 on. */
export function canSharePort(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return process.platform === "linux" && (major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12));
}
