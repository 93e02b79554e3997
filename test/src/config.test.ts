import { availableParallelism } from "node:os";
import t from "tap";
import { ConfigError, readConfig, VARIABLES } from "../../src/config.js";

await t.test("an empty environment gives the defaults, and they cannot be changed", (t) => {
  const config = readConfig({});
  t.same(config, {
    HOST: "0.0.0.0",
    PORT: 8080,
    WORKERS: process.platform === "linux" ? availableParallelism() : 1,
    INDEX_FILE: "dist-index/index.bin",
    TIME_ZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ROTATION: "no-repeat",
    COOKIES: true,
    COOKIE_MAX_AGE: 2592000,
    COOKIE_SECURE: false,
    COOKIE_SAMESITE: "Lax",
    BANNER_BASE_URL: "/campaigns/banners/",
    ALLOWED_ORIGINS: [],
    LOG_LEVEL: "info",
    ACCESS_LOG_SAMPLE: 0,
    ADMIN_HOST: "127.0.0.1",
    ADMIN_PORT: 8081,
    ADMIN_ALLOWED_HOSTS: [],
    SHUTDOWN_DELAY: 0,
    SHUTDOWN_TIMEOUT: 10,
    PID_FILE: "",
  });
  t.ok(Object.isFrozen(config));
  t.end();
});

await t.test("a variable that is set to nothing counts as not set", (t) => {
  const nothing = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, ""]));
  t.same(readConfig(nothing), readConfig({}));
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
    ["SHUTDOWN_DELAY", "3600", 3600],
    ["SHUTDOWN_TIMEOUT", "0", 0],
  ];
  for (const [name, text, value] of taken) t.strictSame(readConfig({ [name]: text })[name], value, `${name}=${text}`);
  t.end();
});

await t.test("anything else is refused with the variable, the value and what is allowed", (t) => {
  const refused: [name: keyof typeof VARIABLES, ...texts: string[]][] = [
    ["PORT", "65536", "-1", "80x", "8e3", "0x50", " 80", "80.0", "99999999999"],
    ["TIME_ZONE", "Mars/Olympus_Mons", "Berlin", "constructor"],
    ["COOKIE_MAX_AGE", "-1", "34560001", "a day"],
    ["COOKIES", "no", "ON"],
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
    ["SHUTDOWN_DELAY", "3601", "1s"],
    ["SHUTDOWN_TIMEOUT", "3601", "10s", "-1"],
  ];
  for (const [name, ...texts] of refused)
    for (const text of texts)
      t.throws(
        () => readConfig({ [name]: text }),
        new ConfigError(`${name}: got ${JSON.stringify(text)}, expected ${VARIABLES[name].allowed}`),
        `${name}=${text}`,
      );
  t.end();
});
