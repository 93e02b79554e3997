/** nginx, which serves a folder to those who have the token. */
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { findProgram } from "../../../bench/contenders/programs.js";
import { freePort } from "../../../tools/free-port.js";
import { ProxyProcess } from "../../deploy/proxy-process.js";

export const TOKEN = "sesame-open-now";

export interface NginxSource {
  /** What it serves. */
  readonly folder: string;
  readonly url: string;
  readonly process: ProxyProcess;
}

export async function startNginx(t: Test, parent: string): Promise<NginxSource> {
  const folder = join(parent, "served");
  mkdirSync(folder);
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(parent, name)};`,
  );
  const config = `
    ${process.getuid?.() === 0 ? "user root;" : ""}
    daemon off;
    worker_processes 1;
    pid ${join(parent, "nginx.pid")};
    events {}
    http {
      access_log off;
      ${temporary.join("\n")}
      server {
        listen 127.0.0.1:${port};
        root ${folder};
        if ($http_authorization != "Bearer ${TOKEN}") { return 401; }
      }
    }
  `;
  const file = join(parent, "nginx.conf");
  writeFileSync(file, config);
  const nginx = new ProxyProcess(findProgram("nginx")!, ["-p", parent, "-c", file, "-e", "stderr"]);
  t.teardown(() => nginx.stop());
  await nginx.ready(port, "127.0.0.1");
  return { folder, url: `http://127.0.0.1:${port}/index.bin`, process: nginx };
}
