import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { readConfig, type Config } from "../../../src/config.js";
import { UsageError } from "../../../src/options/options.js";
import { conversionSettings, recordingSettings } from "../../../src/intake/settings.js";

const KEY = "0123456789abcdef".repeat(4);
const MAKE_KEY = "`openssl rand -hex 32 > FILE; chmod 600 FILE` makes one";

const configOf = (environment: Readonly<Record<string, string>>): Config => readConfig({}, environment);

/** Writes the file that RECORD_KEY_FILE names. */
function keyFile(t: Test, text: string, mode = 0o600): string {
  const file = join(t.testdir({}), "key");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

await t.test("nothing is recorded unless RECORD is set, whatever else is", (t) => {
  t.equal(recordingSettings(configOf({})), undefined);
  t.equal(recordingSettings(configOf({ RECORD_KEY_FILE: "missing", RECORD_SYNC: "5" })), undefined);
  t.end();
});

await t.test("the settings are those of the variables, with the key of the file", (t) => {
  for (const [text, mode] of [
    [KEY, 0o440],
    [`${KEY}\n`, 0o600],
    [`${KEY.toUpperCase()}\r\n`, 0o640],
  ] as const) {
    const RECORD_KEY_FILE = keyFile(t, text, mode);
    const settings = recordingSettings(configOf({ RECORD: "recorded", RECORD_KEY_FILE }))!;
    const key = Uint8Array.from(Buffer.from(KEY, "hex"));
    const rest = { syncSeconds: 1, clickMaxAge: 86400, ignoreHeader: "", heedsGpc: false };
    t.same(settings, { folder: "recorded", key, ...rest });
    t.equal(settings.key.buffer.byteLength, 32, "no other memory goes with it to a worker");
  }
  const others = { RECORD_SYNC: "0", CLICK_MAX_AGE: "60", RECORD_IGNORE_HEADER: "X-Bot", RECORD_HEED_GPC: "on" };
  t.match(recordingSettings(configOf({ RECORD: "recorded", RECORD_KEY_FILE: keyFile(t, KEY), ...others })), {
    syncSeconds: 0,
    clickMaxAge: 60,
    ignoreHeader: "x-bot",
    heedsGpc: true,
  });
  t.end();
});

await t.test("RECORD without a key says how to make one", (t) => {
  t.throws(
    () => recordingSettings(configOf({ RECORD: "recorded" })),
    new UsageError(`RECORD needs RECORD_KEY_FILE, a file with a key that replicas share: ${MAKE_KEY}`),
  );
  t.end();
});

await t.test("a key that is none, or that others may read, is one line that does not show it", (t) => {
  const settingsOf = (RECORD_KEY_FILE: string): unknown =>
    recordingSettings(configOf({ RECORD: "recorded", RECORD_KEY_FILE }));
  for (const text of ["", "\n", KEY.slice(1), `${KEY}0`, `${KEY}\n${KEY}`, `${KEY.slice(1)}g`, ` ${KEY.slice(1)}`]) {
    const file = keyFile(t, text);
    const message = `RECORD_KEY_FILE: ${file} must hold one line: 64 hex digits; ${MAKE_KEY}`;
    t.throws(() => settingsOf(file), new UsageError(message), JSON.stringify(text));
  }
  const open = { name: "UsageError", message: /^RECORD_KEY_FILE: .*key is not taken: other users .*`chmod o= .*key`/ };
  t.throws(() => settingsOf(keyFile(t, KEY, 0o604)), open);
  t.throws(() => settingsOf(join(t.testdir({}), "missing")), {
    name: "UsageError",
    message: /^RECORD_KEY_FILE: .*ENOENT/,
  });
  t.end();
});

await t.test("RECORD goes with no fixed period, and a port for conversions not without RECORD", (t) => {
  const both = { RECORD: "recorded", RECORD_KEY_FILE: keyFile(t, KEY), PERIOD: "1" };
  t.throws(
    () => recordingSettings(configOf(both)),
    new UsageError(
      "RECORD and PERIOD are both set: keep one, since the period that PERIOD shows is not that of the recorded times",
    ),
  );
  t.throws(
    () => recordingSettings(configOf({ CONVERSION_PORT: "0" })),
    new UsageError("CONVERSION_PORT: conversions are recorded in RECORD, which is not set: set both, or neither"),
  );
  t.end();
});

await t.test("the port for conversions has the token of its own settings", (t) => {
  t.equal(conversionSettings(configOf({ CONVERSION_TOKEN: KEY })), undefined, "there is none without CONVERSION_PORT");
  t.same(conversionSettings(configOf({ CONVERSION_PORT: "0", ADMIN_TOKEN: KEY })), {
    host: "127.0.0.1",
    port: 0,
    token: undefined,
  });
  const CONVERSION_TOKEN_FILE = keyFile(t, `${KEY}\n`);
  for (const given of [{ CONVERSION_TOKEN: KEY }, { CONVERSION_TOKEN_FILE }])
    t.same(conversionSettings(configOf({ CONVERSION_PORT: "8083", CONVERSION_HOST: "10.0.0.7", ...given })), {
      host: "10.0.0.7",
      port: 8083,
      token: KEY,
    });
  t.throws(
    () => conversionSettings(configOf({ CONVERSION_PORT: "0", CONVERSION_TOKEN: KEY, CONVERSION_TOKEN_FILE })),
    new UsageError("CONVERSION_TOKEN and CONVERSION_TOKEN_FILE are both set: keep one"),
  );
  t.end();
});
