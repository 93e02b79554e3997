import { existsSync, linkSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { imageOf } from "../../build/images/folder.js";
import { loadIndex } from "../../src/index/load.js";
import { claimPort } from "../../src/server/port-claim.js";
import { WorkerPool } from "../../src/server/worker-pool.js";
import { buildIndex, run } from "../build/commands.js";
import { IMAGE_BYTES } from "../build/images/image-bytes.js";
import { Connection, type RawAnswer } from "./server/connection.js";
import { RunningServer } from "./running-server.js";
import { inEveryPeriod, range, smallIndex } from "./small-index.js";
import { ENGINE } from "./server/tested-engine.js";
import { SETTINGS } from "./response/response-settings.js";

const GIB = 2 ** 30;

/** Connections enough that, but for one time in 30,000, some are with each of two workers. */
const CONNECTIONS = 16;

/** What each of many connections gets. */
async function answers(port: number, line: string): Promise<RawAnswer[]> {
  return Promise.all(
    range(1, CONNECTIONS).map(async () => {
      const connection = await Connection.open(port);
      connection.send(line);
      const answer = await connection.answer(!line.startsWith("HEAD"));
      connection.socket.destroy();
      return answer;
    }),
  );
}

await t.test("two workers serve every image of an index that lies in many parts", async (t) => {
  const file = join(t.testdir(), "index.bin");
  const images = range(1, 40).map((banner) =>
    Buffer.concat([IMAGE_BYTES.png, Buffer.alloc(banner * 37, `${banner}.`)]),
  );
  const pictures = new Map(images.map((image, at) => [at + 1, imageOf(image, "png", "png")]));
  writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, pool: range(1, 40) }), 4, pictures));
  const index = await loadIndex(file, { mostInPart: 2000 });
  t.ok(index.parts.length > 20, `${index.parts.length} parts`);
  const ignore = (): undefined => undefined;
  const asked = { onError: ignore, onRequest: ignore };
  const lived = { onDeath: ignore, onRestarted: ignore, onHang: ignore, onResumed: ignore, onStuck: ignore };
  const pool = new WorkerPool(2, 0, { ...asked, ...lived });
  const port = await claimPort("127.0.0.1", 0);
  const settings = { engine: ENGINE, response: SETTINGS, host: "127.0.0.1", port, accessLogSample: 0 };
  await pool.start({ ...settings, fixedPeriod: undefined, recording: undefined }, () => index, 0);
  t.teardown(() => pool.leave());
  for (const [at, image] of images.entries()) {
    const got = await answers(port, `GET /campaigns/banners/image_${at + 1}.png HTTP/1.1`);
    t.ok(
      got.every(({ status, body }) => status === 200 && body.equals(image)),
      `image ${at + 1}`,
    );
  }
});

await t.test(
  "an index of more than 4 GiB is built, loaded, served to its last byte, and rolled back",
  {
    // 4.6 GB on the disk, twice as much in memory, and a minute: in CI, or where somebody asks for it.
    skip: process.env["LARGE"] !== "1" && "set LARGE=1 to make it: see CONTRIBUTING.md",
  },
  async (t) => {
    const folder = t.testdir({
      ...Object.fromEntries(
        ["1", "2"].map((name) => [name, { "1": { "impressions_1.csv": `banner_id,campaign_id\n${name},1\n` } }]),
      ),
      banners: {},
    });
    const [banners, out] = [join(folder, "banners"), join(folder, "out")];
    const build = (data: string, ...options: string[]): void => {
      const { status, stderr } = buildIndex(["--data", join(folder, data), "--out", out, ...options]);
      t.same({ status, stderr }, { status: 0, stderr: "" }, `the build of ${data}`);
    };
    const file = join(out, "index.bin");
    build("1");
    const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2" });
    t.teardown(() => server.process.kill("SIGKILL"));
    const port = await server.ready();
    const reload = async (): Promise<void> => {
      server.process.kill("SIGHUP");
      t.match(await server.next("reload"), { result: "replaced" });
    };

    // A valid image with 1.5 GiB of nothing behind it, which takes no room on the disk, under three names.
    writeFileSync(join(banners, "image_1.png"), IMAGE_BYTES.png);
    truncateSync(join(banners, "image_1.png"), 1.5 * GIB);
    for (const banner of [2, 3]) linkSync(join(banners, "image_1.png"), join(banners, `image_${banner}.png`));
    const last = Buffer.concat([
      IMAGE_BYTES.png,
      Buffer.alloc(100_000),
      Buffer.from("the last bytes of the last image"),
    ]);
    writeFileSync(join(banners, "image_4294967295.png"), last);
    build("2", "--banners", banners);
    t.ok(statSync(file).size > 4.5 * GIB, `${statSync(file).size} bytes`);
    await reload();
    for (const { status, body } of await answers(port, "GET /campaigns/banners/image_4294967295.png HTTP/1.1"))
      t.ok(status === 200 && body.equals(last));
    for (const { status, headers } of await answers(port, "HEAD /campaigns/banners/image_3.png HTTP/1.1"))
      t.same([status, headers["content-length"]], [200, String(1.5 * GIB)]);

    // Back to the small one, and forward to the large one, which is checked before it is put in place.
    t.match(run("rollback", ["--out", out]), { status: 0, stderr: "" });
    await reload();
    t.equal((await answers(port, "HEAD /campaigns/banners/image_4294967295.png HTTP/1.1"))[0]!.status, 404);
    t.match(run("rollback", ["--out", out]), { status: 0, stderr: "" });
    t.ok(statSync(file).size > 4.5 * GIB, "the large one is in place again");
    t.equal(await server.stop(), 0);
  },
);

await t.test("an image that is too large is refused in one line, or replaced by a placeholder", (t) => {
  const folder = t.testdir({ "1": { "impressions_1.csv": "banner_id,campaign_id\n1,1\n" }, banners: {} });
  const [image, out] = [join(folder, "banners/image_1.png"), join(folder, "out")];
  writeFileSync(image, IMAGE_BYTES.png);
  for (const bytes of [2 * GIB, 5 * GIB]) {
    truncateSync(image, bytes);
    t.same(buildIndex(["--data", folder, "--out", out]), {
      status: 1,
      stdout: "",
      stderr:
        `billboard build: ${image}: an image of ${bytes} bytes: expected at most 2147483647: ` +
        "correct it, or replace it by a placeholder with --on-bad-row reject\n",
    });
    t.notOk(existsSync(join(out, "index.bin")));
  }
  t.match(buildIndex(["--data", folder, "--out", out, "--on-bad-row", "reject"]), {
    status: 0,
    stdout: /not images, a placeholder was drawn: image_1\.png/,
  });
  t.end();
});
