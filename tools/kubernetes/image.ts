/** Names what the manifests rely on in the container image. */
export const IMAGE = "billboard";
export const USER = 1000;

/** By the names that containers and services give them. The administration port stays on the pod's loopback. */
export const PORTS = { http: 8080, health: 8082 } as const;
export const ADMIN_PORT = 8081;

export const DATA_FOLDER = "/data";
/** Of each server, a folder of its own in it. */
export const RECORD_FOLDER = "/record";
export const INDEX_FOLDER = "/var/lib/billboard";
export const INDEX_FILE = `${INDEX_FOLDER}/index.bin`;
