/** Starts nginx with a file that does not change. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PinnedProcess } from "../measure/pinned-process.js";
import { startedOf } from "../measure/running-server.js";
import type { Contender } from "./contender.js";
import type { Fixture } from "./fixture.js";
import { requireProgram } from "./programs.js";

/** A worker of an nginx that root starts would run as a user who may not read the benchmark's folder. */
const AS_ROOT = process.getuid?.() === 0 ? "user root;\n" : "";

export function nginxStatic({ folder, page }: Fixture): Contender {
  const own = join(folder, "nginx-static");
  return {
    name: "nginx-static",
    label: "nginx, a static file of a page's size",
    needs: ["nginx"],
    prepare: async () => {
      await mkdir(join(own, "temporary"), { recursive: true });
      await writeFile(join(own, "page.html"), page.body, "latin1");
    },
    start: async (port, core) => {
      const file = join(own, "nginx.conf");
      await writeFile(file, configuration(own, page.headers, port));
      const args = ["-p", own, "-c", file, "-e", "stderr"];
      return startedOf(new PinnedProcess({ command: requireProgram("nginx"), args }, [core]));
    },
  };
}

/** Without `sendfile`, a body of a page's size takes 0.77 of the processor time. */
function configuration(folder: string, headers: Fixture["page"]["headers"], port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${join(folder, "temporary")};\n`,
  );
  const lines = headers
    .filter(([name]) => name !== "Content-Type")
    .map(([name, value]) => `    add_header ${name} "${value}";\n`);
  return `${AS_ROOT}daemon off;
worker_processes 1;
pid ${join(folder, "nginx.pid")};
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
${temporary.join("")}  sendfile off;
  open_file_cache max=1000 inactive=1d;
  open_file_cache_valid 1d;
  max_ranges 0;
  types { }
  default_type "text/html; charset=utf-8";
  etag off;
  server {
    listen 127.0.0.1:${port};
    root ${folder};
    add_header Last-Modified "";
${lines.join("")}    location / { try_files /page.html =404; }
  }
}
`;
}
