import { availableParallelism } from "node:os";
import t from "tap";
import { memoryLimit } from "../../src/index/load.js";
import {
  isSecret,
  OPTION_NAMES,
  optionNameOf,
  readConfig,
  readSupervision,
  settingOptions,
  VARIABLES,
  type Config,
} from "../../src/config.js";
import { described, readOptions, UsageError } from "../../src/options/options.js";

/** What the environment alone comes to. */
const fromEnvironment = (environment: NodeJS.ProcessEnv): Config => readConfig({}, environment);

/** What options come to, in an empty environment. */
const fromOptions = (args: readonly string[], environment: NodeJS.ProcessEnv = {}): Config =>
  readConfig(readOptions(settingOptions(OPTION_NAMES), args), environment);

await t.test("an empty environment gives the defaults, and they cannot be changed", (t) => {
  const config = fromEnvironment({});
  t.same(config, {
    HOST: "0.0.0.0",
    PORT: 8080,
    WORKERS: process.platform === "linux" ? availableParallelism() : 1,
    INDEX_FILE: "dist-index/index.bin",
    TIME_ZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
    INDEX_URL: "",
    INDEX_POLL: 60,
    INDEX_MAX_BYTES: memoryLimit(),
    INDEX_PUBLIC_KEY: "",
    INDEX_ALLOW_OLDER: false,
    SWITCH_AT: "now",
    INDEX_TOKEN: "",
    INDEX_TOKEN_FILE: "",
    PERIOD: "",
    ROTATION: "no-repeat",
    COOKIES: true,
    COOKIE_MAX_AGE: 2592000,
    COOKIE_SECURE: false,
    COOKIE_SAMESITE: "Lax",
    BANNER_BASE_URL: "/campaigns/banners/",
    ALLOWED_ORIGINS: [],
    PUBLIC_URL: "",
    CURRENCY: "",
    RECORD: "",
    RECORD_KEY_FILE: "",
    RECORD_SYNC: 1,
    CLICK_MAX_AGE: 86400,
    RECORD_IGNORE_HEADER: "",
    RECORD_HEED_GPC: false,
    CONVERSION_HOST: "127.0.0.1",
    CONVERSION_PORT: "",
    CONVERSION_TOKEN: "",
    CONVERSION_TOKEN_FILE: "",
    LOG_LEVEL: "info",
    ACCESS_LOG_SAMPLE: 0,
    ENGINE: "auto",
    UWS_ALLOW_OTHER: false,
    ADMIN_HOST: "127.0.0.1",
    ADMIN_PORT: 8081,
    ADMIN_ALLOWED_HOSTS: [],
    ADMIN_SOCKET: "",
    ADMIN_TOKEN: "",
    ADMIN_TOKEN_FILE: "",
    HEALTH_HOST: "0.0.0.0",
    HEALTH_PORT: "",
    SHUTDOWN_DELAY: 0,
    SHUTDOWN_TIMEOUT: 10,
    HANG_TIMEOUT: 30,
    PID_FILE: "",
  });
  t.ok(Object.isFrozen(config));
  t.end();
});

await t.test("a variable that is set to nothing counts as not set", (t) => {
  const nothing = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, ""]));
  t.same(fromEnvironment(nothing), fromEnvironment({}));
  t.end();
});

await t.test("allowed values are taken", (t) => {
  const taken: [name: keyof typeof VARIABLES, text: string, value: unknown][] = [
    ["HOST", "127.0.0.1", "127.0.0.1"],
    ["PORT", "0", 0],
    ["PORT", "65535", 65535],
    ["TIME_ZONE", "Asia/Tehran", "Asia/Tehran"],
    ["COOKIE_MAX_AGE", "0", 0],
    ["COOKIE_SECURE", "true", true],
    ["COOKIE_SECURE", "false", false],
    ["COOKIES", "off", false],
    ["COOKIE_SAMESITE", "None", "None"],
    ["BANNER_BASE_URL", "https://cdn.example", "https://cdn.example/"],
    ["BANNER_BASE_URL", "http://cdn.example/b/", "http://cdn.example/b/"],
    ["BANNER_BASE_URL", "/static/banners", "/static/banners/"],
    ["BANNER_BASE_URL", "/bänner", "/b%C3%A4nner/"],
    ["BANNER_BASE_URL", "https://cdn.example/bänner", "https://cdn.example/b%C3%A4nner/"],
    ["PERIOD", "1", 1],
    ["PERIOD", "60", 60],
    ["PUBLIC_URL", "https://Ads.example", "https://ads.example"],
    ["PUBLIC_URL", "http://ads.example:8080/b/", "http://ads.example:8080/b"],
    ["CURRENCY", "eur", "EUR"],
    ["CURRENCY", "JPY", "JPY"],
    ["ROTATION", "sequence", "sequence"],
    ["ROTATION", "independent", "independent"],
    ["ALLOWED_ORIGINS", "*", ["*"]],
    [
      "ALLOWED_ORIGINS",
      "https://WWW.Example.com:443, http://localhost:3000",
      ["https://www.example.com", "http://localhost:3000"],
    ],
    ["LOG_LEVEL", "silent", "silent"],
    ["WORKERS", "1", 1],
    ["WORKERS", "256", 256],
    ["ACCESS_LOG_SAMPLE", "1", 1],
    ["ACCESS_LOG_SAMPLE", "1.0", 1],
    ["ACCESS_LOG_SAMPLE", "0.001", 0.001],
    ["ACCESS_LOG_SAMPLE", ".5", 0.5],
    ["ADMIN_ALLOWED_HOSTS", "Billboard.example, 10.0.0.7", ["billboard.example", "10.0.0.7"]],
    ["INDEX_TOKEN", "x", "x"],
    ["INDEX_POLL", "1", 1],
    ["INDEX_MAX_BYTES", "8589934592", 8_589_934_592],
    ["INDEX_ALLOW_OLDER", "1", true],
    ["SWITCH_AT", "period", "period"],
    ["ADMIN_TOKEN", "0123456789abcdef", "0123456789abcdef"],
    ["RECORD", "/var/lib/billboard/recorded", "/var/lib/billboard/recorded"],
    ["RECORD_SYNC", "0", 0],
    ["CLICK_MAX_AGE", "1", 1],
    ["RECORD_IGNORE_HEADER", "X-Bot", "x-bot"],
    ["RECORD_HEED_GPC", "on", true],
    ["CONVERSION_PORT", "0", 0],
    ["CONVERSION_TOKEN", "0123456789abcdef", "0123456789abcdef"],
    ["HEALTH_PORT", "0", 0],
    ["HEALTH_PORT", "9090", 9090],
    ["SHUTDOWN_DELAY", "3600", 3600],
    ["SHUTDOWN_TIMEOUT", "0", 0],
  ];
  for (const [name, text, value] of taken) {
    t.strictSame(fromEnvironment({ [name]: text })[name], value, `${name}=${text}`);
    if (!isSecret(name))
      t.strictSame(fromOptions([`--${optionNameOf(name)}=${text}`])[name], value, `--${optionNameOf(name)}=${text}`);
  }
  t.end();
});

await t.test("anything else is refused with the variable, the value and what is allowed", (t) => {
  const refused: [name: keyof typeof VARIABLES, ...texts: string[]][] = [
    ["PORT", "65536", "-1", "80x", "8e3", "0x50", " 80", "80.0", "99999999999"],
    ["TIME_ZONE", "Mars/Olympus_Mons", "Berlin", "constructor"],
    ["COOKIE_MAX_AGE", "-1", "34560001", "a day"],
    ["COOKIES", "no", "ON"],
    ["PERIOD", "0", "61", "now"],
    ["PUBLIC_URL", "/ads", "ads.example", "ftp://ads.example", "https://ads.example/?a", "https://me:it@ads.example"],
    ["CURRENCY", "€", "EURO", "XYZ", "constructor"],
    ["INDEX_URL", "ftp://localhost/index.bin", "index.bin", "https://user:secret@localhost/index.bin"],
    ["INDEX_POLL", "0", "a minute"],
    ["INDEX_MAX_BYTES", "0", "1e9", "99999999999999999"],
    ["INDEX_PUBLIC_KEY", "key", "AAAA"],
    ["SWITCH_AT", "later"],
    ["COOKIE_SAMESITE", "lax", "none"],
    ["COOKIE_SECURE", "yes", "1", "TRUE", "constructor"],
    [
      "BANNER_BASE_URL",
      "cdn.example",
      "ftp://cdn.example",
      "//cdn.example",
      "javascript:x",
      "https://",
      "https://a/?b",
      "/a#b",
      "/a b",
    ],
    ["ROTATION", "none", "Sequence", "toString"],
    [
      "ALLOWED_ORIGINS",
      "www.example.com",
      "https://a.example/",
      "https://a.example/b",
      "https://*.example.com",
      "*, https://a.example",
      "null",
      "ftp://a.example",
      "https://a.example,,https://b.example",
      "https://u@a.example",
      "https://a.example\r\nX: y",
    ],
    ["LOG_LEVEL", "loud", "INFO", "toString"],
    ["WORKERS", "0", "257", "auto", "1.5"],
    ["ACCESS_LOG_SAMPLE", "1.1", "2", "-0.1", "1%", "1e-3", "0x1", "."],
    ["ADMIN_ALLOWED_HOSTS", "http://a.example", "a.example,,b", "a/b", "*"],
    ["RECORD_SYNC", "-1", "3601", "0.5"],
    ["CLICK_MAX_AGE", "0", "34560001", "a day"],
    ["RECORD_IGNORE_HEADER", "X Bot", "X-Bot:", "X-Bot: 1", "Böt", "x".repeat(129)],
    ["RECORD_HEED_GPC", "1", "yes", "ON"],
    ["CONVERSION_PORT", "65536", "none"],
    ["HEALTH_PORT", "65536", "none"],
    ["SHUTDOWN_DELAY", "3601", "1s"],
    ["SHUTDOWN_TIMEOUT", "3601", "10s", "-1"],
  ];
  for (const [name, ...texts] of refused)
    for (const text of texts) {
      const wrong = `got ${JSON.stringify(text)}, expected ${VARIABLES[name].allowed}`;
      t.throws(() => fromEnvironment({ [name]: text }), new UsageError(`${name}: ${wrong}`), `${name}=${text}`);
      const option = `--${optionNameOf(name)}`;
      t.throws(() => fromOptions([`${option}=${text}`]), new UsageError(`${option}: ${wrong}`), `${option}=${text}`);
    }
  t.end();
});

await t.test("a secret is no option, and is not shown where it is refused", (t) => {
  for (const ADMIN_TOKEN of ["too-short", "0123456789 abcdef", "x".repeat(1025), "0123456789abcdé"])
    t.throws(
      () => fromEnvironment({ ADMIN_TOKEN }),
      new UsageError(`ADMIN_TOKEN: its value, which is not shown, is not ${VARIABLES.ADMIN_TOKEN.allowed}`),
    );
  for (const name of ["admin-token", "conversion-token"])
    t.throws(() => fromOptions([`--${name}=0123456789abcdef`]), { message: /Unknown option/ });
  t.end();
});

await t.test("an option wins over its variable, and only its own", (t) => {
  const environment = { PORT: "1", ADMIN_PORT: "2", COOKIES: "off", PID_FILE: "a.pid" };
  const config = fromOptions(["--port", "3", "--cookies", "on", "--pid-file", ""], environment);
  t.match(config, { PORT: 3, ADMIN_PORT: 2, COOKIES: true, PID_FILE: "" });
  t.ok(Object.isFrozen(config));
  t.end();
});

await t.test("the options of some settings are those alone, with the default in the help", (t) => {
  const options = settingOptions(["ADMIN_PORT", "TIME_ZONE", "PID_FILE"]);
  t.same(Object.keys(options), ["admin-port", "time-zone", "pid-file"]);
  t.match(described(options["admin-port"]), /\(8081\)$/);
  t.match(described(options["time-zone"]), /\(the machine's\)$/);
  t.notMatch(described(options["pid-file"]), /\(/);
  t.end();
});

await t.test("systemd is notified where it wants to be, and the watchdog of another process gets no beats", (t) => {
  const supervision = (environment: Readonly<Record<string, string>>): unknown => readSupervision(environment);
  const NOTIFY_SOCKET = "/run/systemd/notify";
  t.same(supervision({ WATCHDOG_USEC: "" }), { isNotified: false, watchdogMs: 0 });
  t.same(supervision({ NOTIFY_SOCKET }), { isNotified: true, watchdogMs: 0 });
  const WATCHDOG_USEC = "90000000";
  t.same(supervision({ NOTIFY_SOCKET, WATCHDOG_USEC }), { isNotified: true, watchdogMs: 90_000 });
  for (const [pid, watchdogMs] of [
    [process.pid, 90_000],
    [process.pid + 1, 0],
  ] as const)
    t.match(supervision({ NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID: String(pid) }), { watchdogMs });
  for (const wrong of ["-1", "1e6", "0", "18446744073709551615"])
    t.match(supervision({ NOTIFY_SOCKET, WATCHDOG_USEC: wrong }), { watchdogMs: 0 }, wrong);
  t.end();
});
