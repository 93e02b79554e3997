import t from "tap";
import { billboard } from "../billboard.js";
import { RunningServer } from "../running-server.js";
import { TOKEN, tokenFolder } from "./token-folder.js";

const statusOf = async (port: unknown, path: string, how: RequestInit = {}): Promise<number> =>
  (await fetch(`http://127.0.0.1:${String(port)}${path}`, how)).status;

await t.test("a port beyond loopback without a token, or with a bad one, is refused with one line and 2", async (t) => {
  const { index } = tokenFolder(t);
  const beyond =
    /^billboard serve: ADMIN_HOST: (\S+) is reached by other machines, and no token is set: set ADMIN_TOKEN_FILE or ADMIN_TOKEN, or listen on 127\.0\.0\.1; .*HEALTH_PORT.*\n$/;
  const cases: [environment: Record<string, string>, line: RegExp][] = [
    ...["0.0.0.0", "::"].map((host) => [{ ADMIN_HOST: host }, beyond] as [Record<string, string>, RegExp]),
    [
      { ADMIN_TOKEN: "too-short" },
      /^billboard serve: ADMIN_TOKEN: its value, which is not shown, is not 16 to 1024 [^\n]*\n$/,
    ],
    [
      { ADMIN_TOKEN_FILE: index },
      /^billboard serve: ADMIN_TOKEN_FILE: .*index\.bin is not taken: other users [^\n]*\n$/,
    ],
    [
      { ADMIN_TOKEN: TOKEN, ADMIN_TOKEN_FILE: index },
      /^billboard serve: ADMIN_TOKEN and ADMIN_TOKEN_FILE are both set: keep one\n$/,
    ],
  ];
  for (const [environment, line] of cases) {
    const server = new RunningServer({ INDEX_FILE: index, WORKERS: "1", ...environment });
    t.equal(await server.exited, 2, JSON.stringify(environment));
    t.match(server.text, line);
    t.notMatch(server.text, /too-short|a-token-of-the-tests/);
  }
});

await t.test(
  "beyond loopback all but health asks for the token; the health port asks for none, and has nothing else",
  async (t) => {
    const { index, tokenFile } = tokenFolder(t);
    const server = new RunningServer({
      INDEX_FILE: index,
      WORKERS: "1",
      ADMIN_HOST: "0.0.0.0",
      ADMIN_TOKEN_FILE: tokenFile,
      HEALTH_HOST: "127.0.0.1",
      HEALTH_PORT: "0",
      LOG_LEVEL: "trace",
    });
    const { adminPort, healthPort } = await server.next("ready");
    const bearer = { headers: { Authorization: `Bearer ${TOKEN}` } };
    for (const path of ["/", "/metrics", "/status.json", "/index.json"]) {
      t.equal(await statusOf(adminPort, path), 401, path);
      t.equal(await statusOf(adminPort, path, bearer), 200, path);
    }
    t.equal(await statusOf(adminPort, "/reload", { method: "POST" }), 401);
    for (const path of ["/healthz", "/readyz"]) t.equal(await statusOf(adminPort, path), 200, path);
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      t.equal(await statusOf(healthPort, path, { headers: { Host: "probe.example" } }), 200, path);
      t.equal(await statusOf(healthPort, path, { method: "HEAD" }), 200, path);
      t.equal(await statusOf(healthPort, path, { method: "POST" }), 405, path);
    }
    for (const path of ["/", "/status.json", "/index.json", "/reload", "/login", "/assets/style.css"])
      t.equal(await statusOf(healthPort, path, bearer), 404, path);
    t.equal(await statusOf(healthPort, "/reload", { method: "POST", ...bearer }), 404);
    t.equal(await statusOf(adminPort, "/", { headers: { Authorization: "Bearer not-the-token-of-it" } }), 401);
    t.equal(await server.stop(), 0);
    t.notMatch(JSON.stringify(server.log) + server.text, /not-the-token|a-token-of-the-tests/);
  },
);

await t.test("the token is never a word of a command", (t) => {
  const help = billboard(["serve", "--help"], { ADMIN_TOKEN: TOKEN });
  t.match(help, { status: 0, stdout: /--admin-token-file/ });
  t.notMatch(help.stdout, new RegExp(`--admin-token |${TOKEN}`));
  for (const command of ["serve", "reload"])
    t.match(billboard([command, "--admin-token", TOKEN]), { status: 2, stderr: /Unknown option '--admin-token'/ });
  t.end();
});
