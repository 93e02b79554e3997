import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { testBehindProxy } from "./behind-proxy.js";
import { OWN_ADDRESS } from "./loopback.js";
import { findProgram } from "../../bench/contenders/programs.js";
import { missing } from "../needed-programs.js";
import { ProxyProcess } from "./proxy-process.js";
import { settingsOf, shipped, substituted, uncommented } from "./shipped.js";
import type { Place } from "./site.js";
import { testStickyVisitors } from "./sticky-visitors.js";

t.setTimeout(300_000);

const SHIPPED = shipped("nginx-site.conf");
const STICKY = uncommented(SHIPPED, "hash $binary_remote_addr ");
const SERVER_IDLE_LIMIT = 10;

/** What the distribution's nginx.conf does around the shipped file, without a place of its own on this machine. */
function mainFile(folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `
    ${process.getuid?.() === 0 ? "user root;" : "# An ordinary user has no choice."}
    daemon off;
    worker_processes 2;
    pid ${join(folder, "nginx.pid")};
    events {}
    http {
      access_log off;
      ${temporary.join("\n")}
      include ${join(folder, "site.conf")};
    }
  `;
}

/** Writes all of it, and returns the options that nginx is started with. */
function configure({ folder, certificate, port, tlsPort, servers }: Place, shippedForTwo: string): string[] {
  const [one, two, three] = servers;
  const shipped = three === undefined ? shippedForTwo : uncommented(SHIPPED, "server 127.0.0.1:8100 ");
  const site = substituted(shipped, {
    "listen 80 ": `listen ${OWN_ADDRESS}:${port} `,
    "listen 443 ": `listen ${OWN_ADDRESS}:${tlsPort} `,
    "127.0.0.1:8080": `${OWN_ADDRESS}:${one.port}`,
    "127.0.0.1:8090": `${OWN_ADDRESS}:${two.port}`,
    "127.0.0.1:8100": `${OWN_ADDRESS}:${(three ?? two).port}`,
    "/etc/ssl/billboard/billboard.pem": certificate,
    "/var/cache/billboard-images": join(folder, "images"),
  });
  writeFileSync(join(folder, "site.conf"), site);
  writeFileSync(join(folder, "nginx.conf"), mainFile(folder));
  return ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"];
}

await t.test("idle connections to the servers are closed before the servers close them", (t) => {
  const [upstream = ""] = /^upstream billboard \{.*?^\}/ms.exec(settingsOf(SHIPPED)) ?? [];
  const [, seconds] = /keepalive_timeout (\d+)s;/.exec(upstream) ?? [];
  t.ok(Number(seconds) > 0 && Number(seconds) < SERVER_IDLE_LIMIT, `${seconds} s`);
  t.match(upstream, /keepalive \d+;/);
  t.end();
});

await t.test("the administration port is not in the configuration", (t) => {
  t.notMatch(settingsOf(SHIPPED), /8081|8091|readyz|metrics/);
  t.end();
});

await t.test("behind nginx", { skip: missing("nginx", "openssl") }, async (t) => {
  const program = findProgram("nginx")!;
  const start = (place: Place, shippedForTwo = SHIPPED): ProxyProcess => {
    const options = configure(place, shippedForTwo);
    const { status, stderr } = spawnSync(program, ["-t", ...options], { encoding: "utf8" });
    t.equal(status, 0, `nginx -t: ${stderr}`);
    return new ProxyProcess(program, options);
  };
  await testBehindProxy(t, start);
  await testStickyVisitors(t, (place) => start(place, STICKY));
});
