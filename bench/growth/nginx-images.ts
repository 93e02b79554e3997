/** A folder of images to an nginx that serves them as Billboard does. */
import type { Contender } from "../contenders/contender.js";
import { servingFiles, startNginx } from "../contenders/nginx.js";
import { runningOf } from "../contenders/server-program.js";

/**
 * @param root holds the images at the paths of their addresses
 * @param bytes of each
 */
export function nginxImages(root: string, bytes: number): Contender["start"] {
  return async (port, cores) => {
    // The headers are Billboard's.
    const http = `${servingFiles(bytes)}  types { image/png png; }
  server {
    listen 127.0.0.1:${port};
    root ${root};
    add_header Last-Modified "";
    add_header Cache-Control "public, max-age=31536000, immutable";
    add_header X-Content-Type-Options nosniff;
  }
`;
    return runningOf(await startNginx(root, http, cores));
  };
}
