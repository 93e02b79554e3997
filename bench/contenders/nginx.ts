/** Starts nginx: with files that do not change, and in front of Billboard. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PinnedProcess } from "../measure/pinned-process.js";
import { freePort, startedOf, type Start } from "../measure/running-server.js";
import { pageOf, startBillboard, type Contender } from "./contender.js";
import type { Fixture } from "./fixture.js";
import { requireProgram } from "./programs.js";

/** Started by root, its worker would take the rights of a user who may not read the benchmark's folder. */
const AS_ROOT = process.getuid?.() === 0 ? "user root;\n" : "";

async function startNginx(folder: string, http: string, core: number): Promise<PinnedProcess> {
  await mkdir(join(folder, "temporary"), { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${join(folder, "temporary")};\n`,
  );
  const file = join(folder, "nginx.conf");
  await writeFile(
    file,
    `${AS_ROOT}daemon off;
worker_processes 1;
pid ${join(folder, "nginx.pid")};
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
${temporary.join("")}${http}}
`,
  );
  const args = ["-p", folder, "-c", file, "-e", "stderr"];
  return new PinnedProcess({ command: requireProgram("nginx"), args }, [core]);
}

/**
 * A file of up to some kilobytes is sent at less cost from a copy, and a large one without: pages took 0.77 of the processor time with
 * `sendfile off`, images of 6 kB 0.84, and images of 200 kB 3.1.
 */
const MAX_COPIED_BYTES = 16_384;

/** How nginx serves files of so many bytes at its best: how they are sent; and none is opened or looked at twice. */
function servingFiles(bytes: number): string {
  return `  sendfile ${bytes > MAX_COPIED_BYTES ? "on" : "off"};
  open_file_cache max=1000 inactive=1d;
  open_file_cache_valid 1d;
  max_ranges 0;
`;
}

export function nginxStatic({ folder, index }: Fixture): Contender {
  const own = join(folder, "nginx-static");
  return {
    name: "nginx-static",
    label: "nginx, a static file of a page's size",
    needs: ["nginx"],
    start: async (port, core) => {
      const { body, headers } = await pageOf(index);
      await mkdir(own, { recursive: true });
      await writeFile(join(own, "page.html"), body, "latin1");
      const lines = headers
        .filter(([name]) => name !== "Content-Type")
        .map(([name, value]) => `    add_header ${name} "${value}";\n`);
      const http = `${servingFiles(body.length)}  types { }
  default_type "text/html; charset=utf-8";
  etag off;
  server {
    listen 127.0.0.1:${port};
    root ${own};
    add_header Last-Modified "";
${lines.join("")}    location / { try_files /page.html =404; }
  }
`;
      return startedOf(await startNginx(own, http, core));
    },
  };
}

/** Both on the same core, nginx as `deploy/nginx-site.conf` has it for pages, but for TLS and rate limits. */
export function nginxBillboard({ folder, index }: Fixture): Contender {
  return {
    name: "nginx-billboard",
    label: "nginx in front of Billboard",
    needs: ["nginx"],
    start: async (port, core) => {
      const behind = await freePort();
      const server = startBillboard(index, behind, core);
      const http = `  upstream billboard {
    server 127.0.0.1:${behind} max_fails=0;
    keepalive 64;
    keepalive_timeout 5s;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    proxy_hide_header uWebSockets;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    location / { proxy_pass http://billboard; }
  }
`;
      return startedOf(await startNginx(join(folder, "nginx-billboard"), http, core), server);
    },
  };
}

/**
 * Serves images as Billboard does, with its headers.
 * @param root holds the images at the paths of their addresses
 * @param bytes of each
 */
export function nginxImages(root: string, bytes: number): Start {
  return async (port, core) => {
    const http = `${servingFiles(bytes)}  types { image/png png; }
  server {
    listen 127.0.0.1:${port};
    root ${root};
    add_header Last-Modified "";
    add_header Cache-Control "public, max-age=31536000, immutable";
    add_header X-Content-Type-Options nosniff;
  }
`;
    return startedOf(await startNginx(root, http, core));
  };
}
