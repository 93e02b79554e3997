// Runs an image that lies in a folder as compose.yaml has it: builder, server, builder again, end. Expects to be root, in
// a network of its own; as process 1, its end is that of all that it started.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "./container.js";

const [root, imageFile, composeFile, folder] = process.argv.slice(2);
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
const { config } = readJson(imageFile).Docker;
const { builder, server } = readJson(composeFile).services;
const image = { root, config, folder };
const READY_MS = 60_000;
const IN_FLIGHT = 50;

writeFileSync(join(folder, "no-hosts"), "127.0.0.1 localhost\n");
writeFileSync(join(folder, "hosts"), "127.0.0.1 localhost server\n");

async function expectEnd(container, code) {
  const end = await container.ended;
  assert.equal(end.code, code, end.output);
  return end.output;
}

async function get(port, path) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.text() };
}

async function waitUntilReady(container) {
  for (let waited = 0; ; waited += 100) {
    const { status } = await get(8082, "/readyz").catch(() => ({}));
    if (status === 200) return;
    assert.ok(waited < READY_MS && !container.output.isWhole, `not ready:\n${container.output.text}`);
    await sleep(100);
  }
}

const metric = async (name) =>
  new RegExp(`^billboard_${name}\\{\\w+="(\\w+)"\\} 1$`, "m").exec((await get(8082, "/metrics")).body)?.[1];
const generation = () => metric("index_info");
const [, ...healthcheck] = config.Healthcheck.Test;
const runHealthcheck = () => start(image, server, { command: healthcheck });

// The first time nothing is there: no index, no token, no server by that name.
await expectEnd(start(image, builder), 0);
const running = start(image, server, { isNamed: true });
await waitUntilReady(running);
await expectEnd(runHealthcheck(), 0);
assert.match((await get(8080, "/campaigns/1/")).body, /<img [^>]*src="\/campaigns\/banners\/image_/);
assert.equal((await get(8081, "/status.json")).status, 401);
// The quicker of the two: its library is in the image, and loads.
assert.equal(await metric("engine_info"), "uws");

// Of the folders that the user may write to elsewhere, none is writable here.
const output = await expectEnd(start(image, server, { command: ["sh", "-c", "id -u; touch /home/node/file"] }), 1);
assert.match(output, /^1000\n.*Read-only file system/s);

const before = await generation();
const data = join(folder, "data");
cpSync(builder.volumes.find(({ target }) => target === "/data").source, data, { recursive: true });
const campaigns = join(data, "campaigns.csv");
writeFileSync(campaigns, readFileSync(campaigns, "utf8").replace("Summer", "Winter"));
const changed = builder.volumes.map((volume) => (volume.target === "/data" ? { ...volume, source: data } : volume));
await expectEnd(start(image, { ...builder, volumes: changed }, { isNamed: true }), 0);
assert.notEqual(await generation(), before);

// What is asked before the signal is answered, and the end comes before the engine would cut it short.
const sockets = Array.from({ length: IN_FLIGHT }, () => connect(8080, "127.0.0.1"));
await Promise.all(sockets.map((socket) => once(socket, "connect")));
const answers = sockets.map((socket) => text(socket));
for (const socket of sockets) socket.write("GET /campaigns/1/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
running.kill(config.StopSignal);
for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 200 /);
const graceMs = Number.parseInt(server.stop_grace_period, 10) * 1000;
const inTime = await Promise.race([expectEnd(running, 0), sleep(graceMs, "late", { ref: false })]);
assert.notEqual(inTime, "late", `the server runs on ${graceMs} ms after ${config.StopSignal}`);
await expectEnd(runHealthcheck(), 1);
console.log("the image: built an index, served it, reloaded another and drained, read-only and without rights");
process.exit();
