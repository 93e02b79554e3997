import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Connection } from "../src/server/connection.js";
import { testBehindProxy } from "./behind-proxy.js";
import { OWN_ADDRESS } from "./loopback.js";
import { findProgram } from "../../bench/contenders/programs.js";
import { missing } from "../needed-programs.js";
import { threeRecorders } from "./missing-images.js";
import { ProxyProcess } from "./proxy-process.js";
import { settingsOf, shipped, substituted, uncommented } from "./shipped.js";
import { startServer, type Place, type Site } from "./site.js";
import { testStickyVisitors } from "./sticky-visitors.js";
import { cookieOf, FIRST, SECOND, twoServers } from "./two-servers.js";

t.setTimeout(300_000);

const SHIPPED = shipped("haproxy.cfg");
/** As the comments say that a third server is named. */
const WITH_THREE = uncommented(
  substituted(SHIPPED, { "presetenv SERVERS 2": "presetenv SERVERS 3" }),
  "server three ",
  "use-server three ",
);
const SERVER_IDLE_LIMIT = 10;

const STICKY = uncommented(SHIPPED, "balance source", "hash-type consistent");

let started = 0;

/** Writes the configuration, and answers with its name. */
function configure({ folder, certificate, port, tlsPort, servers }: Place, shippedForTwo: string): string {
  const file = join(folder, "haproxy.cfg");
  const [one, two, third] = servers;
  const three = third ?? two;
  const text = substituted(third === undefined ? shippedForTwo : WITH_THREE, {
    "bind :80\n": `bind ${OWN_ADDRESS}:${port}\n`,
    "bind :443 ": `bind ${OWN_ADDRESS}:${tlsPort} `,
    "127.0.0.1:8080 addr 127.0.0.1 port 8081": `${OWN_ADDRESS}:${one.port} addr ${OWN_ADDRESS} port ${one.adminPort}`,
    "127.0.0.1:8090 addr 127.0.0.1 port 8091": `${OWN_ADDRESS}:${two.port} addr ${OWN_ADDRESS} port ${two.adminPort}`,
    "127.0.0.1:8100 addr 127.0.0.1 port 8101": `${OWN_ADDRESS}:${three.port} addr ${OWN_ADDRESS} port ${three.adminPort}`,
    "127.0.0.1:8080 track": `${OWN_ADDRESS}:${one.port} track`,
    "127.0.0.1:8090 track": `${OWN_ADDRESS}:${two.port} track`,
    "127.0.0.1:8100 track": `${OWN_ADDRESS}:${three.port} track`,
    "/etc/ssl/billboard/billboard.pem": certificate,
    // Abstract names are the whole machine's.
    "abns@billboard-http-1.0": `abns@billboard-http-1.0-${process.pid}-${++started}`,
    "abns@billboard-images": `abns@billboard-images-${process.pid}-${started}`,
    // What only root may do.
    ...(process.getuid?.() === 0
      ? {}
      : { "    user haproxy\n": "", "    group haproxy\n": "", "    chroot /var/lib/haproxy\n": "" }),
  });
  writeFileSync(file, text);
  return file;
}

/** Which servers answer so many visitors, where the first one serves FIRST and the second one SECOND. */
async function answeringServers(site: Site, visits: number): Promise<Set<string>> {
  const found = new Set<string>();
  for (let visit = 0; visit < visits; visit++) {
    const connection = await site.visit();
    connection.send("GET /campaigns/1/ HTTP/1.1");
    const { headers } = await connection.answer();
    found.add(Number(cookieOf(headers["set-cookie"]).slice("last_banner=".length)) < 200 ? "one" : "two");
  }
  return found;
}

await t.test("idle connections to the servers are closed before the servers close them", (t) => {
  const [, most, milliseconds] =
    /default-server pool-max-conn (\d+) pool-purge-delay (\d+)ms /.exec(settingsOf(SHIPPED)) ?? [];
  // Half of them at each purge, and some purges pass until HAProxy sees that it does not need them.
  const purges = Math.ceil(Math.log2(Number(most))) + 6;
  const seconds = (purges * Number(milliseconds)) / 1000;
  t.ok(seconds > 0 && seconds < SERVER_IDLE_LIMIT, `${seconds} s`);
  t.end();
});

await t.test("the administration port is only where it is checked", (t) => {
  for (const line of settingsOf(SHIPPED)
    .split("\n")
    .filter((line) => /8081|8091|readyz|metrics/.test(line)))
    t.match(
      line,
      /^ {4}(server \w+ [\d.]+:80[89]0 addr [\d.]+ port 80[89]1|http-check send meth GET uri \/readyz .*)$/,
    );
  t.end();
});

await t.test("behind HAProxy", { skip: missing("haproxy", "openssl") }, async (t) => {
  const program = findProgram("haproxy")!;
  const start = (place: Place, shippedForTwo = SHIPPED): ProxyProcess => {
    const file = configure(place, shippedForTwo);
    const { status, stdout, stderr } = spawnSync(program, ["-c", "-dW", "-f", file], { encoding: "utf8" });
    t.equal(status, 0, `haproxy -c: ${stdout}${stderr}`);
    return new ProxyProcess(program, ["-db", "-f", file]);
  };
  await testBehindProxy(t, start);
  await testStickyVisitors(t, (place) => start(place, STICKY));

  await t.test(
    "whoever asks for many images that no server has makes one request of each, and no other visitor's",
    async (t) => {
      const { site, recorders } = await threeRecorders(t, start, 1);
      const reached = (): number => recorders.flatMap(({ requests }) => requests).length;
      const askForMissing = async (connection: Connection, count: number): Promise<void> => {
        recorders[2]!.lacksImages = true;
        for (let image = 0; image < count; image++) {
          connection.send(`GET /campaigns/banners/image_${image}.png?v=1 HTTP/1.1`);
          t.equal((await connection.answer()).status, 404);
        }
        recorders[2]!.lacksImages = false;
      };
      const eager = await site.visit();
      await askForMissing(eager, 60);
      // The first 20 at each server; a few more where HAProxy's ten seconds turn meanwhile.
      t.ok(reached() >= 60 + 2 * 20 && reached() <= 60 + 2 * 25, `${reached()} requests of 60`);
      const before = reached();
      await askForMissing(eager, 100);
      t.equal(reached() - before, 100);
      const other = await site.visit();
      for (let image = 0; image < 20; image++) {
        other.send(`GET /campaigns/banners/image_${image}.png?v=2 HTTP/1.1`);
        t.equal((await other.answer()).status, 200);
      }
    },
  );

  await t.test("a server that is not ready gets no visitors, while it still answers", async (t) => {
    // Long enough that it ends by the second signal and not by itself.
    const { site, servers, files, ports } = await twoServers(t, start, [FIRST, SECOND], { SHUTDOWN_DELAY: "3600" });
    t.same(await answeringServers(site, 50), new Set(["one", "two"]));
    servers[0].process.kill("SIGTERM");
    await site.proxy.says(/Server billboard\/one is DOWN/);
    t.same(await answeringServers(site, 50), new Set(["two"]));
    const direct = await site.visitServer(0);
    direct.send("GET /campaigns/2/ HTTP/1.1");
    t.equal((await direct.answer()).status, 200);
    t.equal(await servers[0].stop(), 1);
    await startServer(t, files[0], ports[0]).ready();
    await site.proxy.says(/Server billboard\/one is UP/);
    t.same(await answeringServers(site, 50), new Set(["one", "two"]));
  });
});
