/** Starts nginx: with files that do not change, and in front of Billboard. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PinnedProcess } from "../measure/pinned-process.js";
import { freePort, startedOf } from "../measure/running-server.js";
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
      // A page's size takes 0.77 of the processor time without `sendfile`. No file is opened or looked at twice.
      const http = `  sendfile off;
  open_file_cache max=1000 inactive=1d;
  open_file_cache_valid 1d;
  max_ranges 0;
  types { }
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
