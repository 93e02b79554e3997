/** A folder of images to an nginx that serves them as Billboard does. */
import type { Contender } from "../contenders/contender.js";
import { startNginx } from "../contenders/nginx.js";
import { runningOf } from "../contenders/server-program.js";

/** @param root holds the images at the paths of their addresses */
export function nginxImages(root: string): Contender["start"] {
  return async (port, cores) => {
    // At its best for files that do not change: none is opened or looked at twice. The headers are Billboard's.
    const http = `  open_file_cache max=1000 inactive=1d;
  open_file_cache_valid 1d;
  types { image/png png; }
  max_ranges 0;
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
