/** Shows the page that asks people for the token, and routes what it sends. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { html } from "../response/html.js";
import type { Access } from "./access.js";
import { PAGE_HEADERS, pageOf } from "./interface.js";
import { HTML, reply, TEXT, type Refusal, type Routes } from "./route.js";

const MAX_FORM = 4096;

export function replyLogin(response: ServerResponse, refusal: Refusal, query: URLSearchParams): void {
  const said = refusal.reason === "no-token" ? undefined : refusal.text;
  const page = pageOf(
    "Log in · Billboard",
    html``,
    html`<main class="login">
      <form class="card" method="post" action="/login?${query.toString()}">
        <div class="product">Billboard</div>
        <h1>Log in</h1>
        <label for="token">The token of this server</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          required
          autofocus
          aria-describedby="token-said token-hint"
        />
        <p class="why" id="token-said" role="alert">${said}</p>
        <button>Log in</button>
        <p id="token-hint" class="quiet">Whoever runs the server has it: it is in ADMIN_TOKEN or ADMIN_TOKEN_FILE.</p>
      </form>
    </main>`,
  );
  reply(response, refusal.status, HTML, page, { ...PAGE_HEADERS, ...refusal.headers });
}

export function loginRoutes(access: Access, onRefused: (refusal: Refusal) => void): Routes {
  return {
    "/login": {
      method: "POST",
      tells: "nothing",
      handle: async (response, { message, query }) => {
        const form = await readForm(message);
        if (form === undefined) {
          reply(response, 413, TEXT, "The form is too long.\n", { Connection: "close" });
          return;
        }
        const entry = access.logIn(message, form.get("token") ?? "");
        if (typeof entry === "string") leadBack(response, query, entry);
        else {
          onRefused(entry);
          replyLogin(response, entry, query);
        }
      },
    },
    "/logout": {
      method: "POST",
      tells: "nothing",
      handle: (response, { message, query }) => {
        leadBack(response, query, access.logOut(message));
      },
    },
  };
}

function leadBack(response: ServerResponse, query: URLSearchParams, cookie: string): void {
  reply(response, 303, TEXT, "", { Location: `/?${query.toString()}`, "Set-Cookie": cookie });
}

/** Undefined where it is too long, or may be: browsers send the length first. */
async function readForm(message: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!(Number(message.headers["content-length"]) <= MAX_FORM)) return undefined;
  let text = "";
  for await (const chunk of message as AsyncIterable<Buffer>) text += chunk.toString("latin1");
  return new URLSearchParams(text);
}
