import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import type { Page } from "playwright-core";
import t from "tap";
import { launchBrowser } from "../../build/report/opened-page.js";
import { findingsOf } from "../../ui/axe.js";
import { startAdmin } from "./running-admin.js";

const TOKEN = "a-token-of-the-tests";
const browser = await launchBrowser();
t.teardown(() => browser.close());

const logIn = async (page: Page, token: string): Promise<void> => {
  await page.getByLabel("The token of this server").fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
};

const loggedIn = (page: Page): Promise<void> => page.getByRole("button", { name: "Log out" }).waitFor();

await t.test("a person logs in, reloads and logs out", async (t) => {
  const { port } = await startAdmin(t, {}, { token: TOKEN });
  const context = await browser.newContext();
  t.teardown(() => context.close());
  const page = await context.newPage();
  const address = `http://127.0.0.1:${port}/?view=server`;
  await page.goto(address);
  t.equal(await page.title(), "Log in · Billboard");
  const { violations, unjudged } = await findingsOf(page);
  t.same([violations, unjudged], [[], []]);
  const folder = process.env["SCREENSHOTS"];
  if (folder !== undefined) writeFileSync(`${folder}/login.png`, await page.screenshot());
  await logIn(page, "not-the-token");
  await page.getByText("That is not the server's token.").waitFor();
  await logIn(page, TOKEN);
  await loggedIn(page);
  t.equal(page.url(), address, "it leads to where one wanted to go");
  const [cookie] = await context.cookies();
  t.match(cookie, { httpOnly: true, sameSite: "Strict", path: "/" });

  await page.getByRole("button", { name: "Reload index" }).click();
  await page.getByText("Index reloaded: generation b replaces a.").waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("The token of this server").waitFor();
  await page.goto(address);
  t.equal(await page.title(), "Log in · Billboard");
});

await t.test("without a script one logs in all the same", async (t) => {
  const { port } = await startAdmin(t, {}, { token: TOKEN });
  const context = await browser.newContext({ javaScriptEnabled: false });
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await logIn(page, TOKEN);
  await page.waitForURL("**/?");
  t.equal(await page.title(), "Billboard");
});

await t.test("a dashboard whose session ends becomes the page to log in", async (t) => {
  const { port } = await startAdmin(t, {}, { token: TOKEN });
  const context = await browser.newContext();
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await logIn(page, TOKEN);
  await loggedIn(page);
  const other = await context.newPage();
  await other.goto(`http://127.0.0.1:${port}/`);
  await other.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("The token of this server").waitFor();
  t.equal(await page.title(), "Log in · Billboard");
});

await t.test("another site may lead to the dashboard, and can neither read it nor do anything", async (t) => {
  const { port, ask } = await startAdmin(t, {}, { token: TOKEN });
  const here = `http://127.0.0.1:${port}`;
  const context = await browser.newContext();
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(`${here}/`);
  await logIn(page, TOKEN);
  await loggedIn(page);

  const body = `<a href="${here}/">there</a><form method="post" action="${here}/reload"><button>do</button></form>
    <img src="${here}/banners/image_100.svg"><iframe src="${here}/"></iframe>`;
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
  const site = createServer((socket) => socket.on("error", () => undefined).end(answer)).listen(0, "127.0.0.1");
  await once(site, "listening");
  t.teardown(() => site.close());
  const other = `http://localhost:${(site.address() as AddressInfo).port}/`;
  await page.goto(other);
  t.equal(await page.evaluate("document.images[0].naturalWidth"), 0, "not even an image");
  const refused = page.waitForResponse(`${here}/reload`);
  await page.getByRole("button", { name: "do" }).click();
  t.equal((await refused).status(), 403);
  await page.goto(other);
  await page.getByText("there").click();
  await page.getByLabel("The token of this server").waitFor();
  t.equal(page.url(), `${here}/`, "the cookie has not come with the link");
  t.match((await ask("GET", "/metrics")).body, /^billboard_admin_refused_total\{reason="site"\} [1-9]/m);
});
