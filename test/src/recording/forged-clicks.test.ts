import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { DecisionIds, ID_DIGITS } from "../../../src/recording/decision-id.js";
import { publishedCatalog } from "../../build/built-index.js";
import { metricsOf } from "../admin/metric.js";
import { billboard } from "../billboard.js";
import { seededRandom } from "../seeded-random.js";
import { inEveryPeriod, range } from "../small-index.js";
import { linkRecordings } from "./linked-recordings.js";
import { recordedRows } from "./recorded-rows.js";
import { recordingFolders, RecordingServer } from "./recording-server.js";
import { RecordedVisitors, type Clicked } from "./recorded-visitors.js";

const CLICKS = 1_000_000;
const CONNECTIONS = 4;
/** Requests that are sent at once: of more, the server takes a client for a flood, and cuts it. */
const BATCH = 7;
/** Of the answer that leads on. */
const BODY = "Found.\n";
const CELLS = [1, 2].flatMap((campaign) => inEveryPeriod({ campaign, converting: range(100, 104) }));

t.setTimeout(300_000);

interface Forged {
  readonly campaign: number;
  readonly banner: number;
  readonly id: string;
  readonly reason: "foreign" | "no-decision" | "repeated";
}

/** Makes clicks that must not count, of those that have. */
class Forger {
  readonly #real: readonly Clicked[];
  readonly #random = seededRandom(20);
  readonly #others = new DecisionIds(Buffer.alloc(32, 1));
  #next = 0;

  constructor(real: readonly Clicked[]) {
    this.#real = real;
  }

  next(): Forged {
    const at = this.#below(this.#real.length);
    const { campaign, banner, id } = this.#real[at]!;
    const forged = { campaign, banner, id, reason: "foreign" } as const;
    switch (this.#next++ % 8) {
      case 0:
        return { ...forged, reason: "repeated" };
      case 1:
        return { ...forged, id: this.#altered(id) };
      case 2:
        return { ...forged, id: id.slice(0, 16) + this.#real.at(at - 1)!.id.slice(16) };
      case 3:
        return { ...forged, banner: banner === 104 ? 100 : banner + 1 };
      case 4:
        return { ...forged, campaign: 3 - campaign };
      case 5:
        return { ...forged, id: this.#ofAnotherKey(campaign, banner) };
      case 6:
        return { ...forged, id: this.#oneOf([id.toUpperCase(), `${id}0`, id.slice(1), "%00", `${id}%20`]) };
      default:
        if (this.#random() < 0.1) return { ...forged, id: "", reason: "no-decision" };
        return { ...forged, id: randomBytes(ID_DIGITS / 2).toString("hex") };
    }
  }

  #below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  #oneOf(ids: readonly string[]): string {
    return ids[this.#below(ids.length)]!;
  }

  #altered(id: string): string {
    const bytes = Buffer.from(id, "hex");
    bytes[this.#below(bytes.length)]! ^= 1 << this.#below(8);
    return bytes.toString("hex");
  }

  #ofAnotherKey(campaign: number, banner: number): string {
    const digits = new DataView(new ArrayBuffer(ID_DIGITS));
    this.#others.write(campaign, banner, Math.floor(Date.now() / 1000), digits, 0);
    return Buffer.from(digits.buffer).toString("latin1");
  }
}

/** Sends them many at a time. @returns how many were led on */
async function sendAll(port: number, clicks: () => readonly Forged[]): Promise<number> {
  const socket = connect({ port, host: "127.0.0.1" }).setEncoding("latin1");
  const ended = once(socket, "close").then(() => Promise.reject(new Error("the connection ended")));
  let ledOn = 0;
  for (let batch = clicks(); batch.length > 0; batch = clicks()) {
    const requests = batch.map(
      ({ campaign, banner, id }) => `GET /campaigns/${campaign}/click/${banner}?d=${id} HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    let answers = "";
    const answered = new Promise<void>((resolve) => {
      socket.on("data", function add(chunk: string) {
        answers += chunk;
        if (answers.split(BODY).length <= batch.length) return;
        socket.off("data", add);
        resolve();
      });
    });
    socket.write(requests.join(""));
    await Promise.race([answered, ended]);
    ledOn += answers.split("HTTP/1.1 302 Found\r\n").length - 1;
  }
  socket.destroy();
  await ended.catch(() => undefined);
  return ledOn;
}

await t.test(`${CLICKS} forged, replayed and altered clicks: none counts, and each leads on`, async (t) => {
  const folder = t.testdir();
  const folders = recordingFolders(folder, CELLS);
  const server = await new RecordingServer(t, folders).opened();
  const visitors = new RecordedVisitors({ ports: [server.port], visitors: 4, campaigns: [1, 2], seed: 20 });
  await visitors.more(2000);
  await visitors.stop();
  const { shown, clicked: real } = visitors;

  const [sale] = real;
  t.equal(await server.convert([{ conversion_id: "order 1", click_id: sale!.id, revenue: "1" }]), 202);

  const forger = new Forger(real);
  const sent = { foreign: 0, "no-decision": 0, repeated: 0 };
  let left = CLICKS;
  const batch = (): readonly Forged[] => {
    const clicks = Array.from({ length: Math.min(left, BATCH) }, () => forger.next());
    left -= clicks.length;
    for (const { reason } of clicks) sent[reason]++;
    return clicks;
  };

  const ledOn = await Promise.all(Array.from({ length: CONNECTIONS }, () => sendAll(server.port, batch)));
  t.equal(
    ledOn.reduce((sum, count) => sum + count),
    CLICKS,
  );
  const {
    recorded,
    uncounted_clicks: uncounted,
    dropped,
  } = await server.until(({ uncounted_clicks: { repeated } }) => repeated >= sent.repeated);
  t.match(uncounted, { ...sent, expired: 0 });
  t.equal((await metricsOf(server.adminPort)).get('billboard_clicks_uncounted_total{reason="foreign"}'), sent.foreign);
  t.same([recorded.clicks, dropped], [real.length, { impressions: 0, clicks: 0 }]);
  t.equal(await server.stop(), 0);
  t.same(
    recordedRows(folders.record, "clicks")
      .map(([, id]) => id!)
      .sort(),
    real.map(({ id }) => id).sort(),
  );
  const size = readdirSync(folders.record).reduce((sum, name) => sum + statSync(join(folders.record, name)).size, 0);
  t.ok(size < 100 * (shown.length + real.length), `${size} bytes`);

  const [data, banners, out] = ["data", "banners", "out"].map((name) => join(folder, name));
  linkRecordings(data!, [folders.record]);
  mkdirSync(banners!);
  const words = ["build", "--data", data!, "--banners", banners!, "--out", out!, "--time-zone", "UTC"];
  const built = billboard(words);
  t.equal(built.status, 0, built.stderr);
  const { cells } = inspect(publishedCatalog(out!));
  const clicks = cells.flatMap(({ collection }) => collection.map((banner) => banner.clicks));
  t.equal(
    clicks.reduce((sum, count) => sum + count),
    real.length,
  );
});
