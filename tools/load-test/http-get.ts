/** One GET request to an answer. */
import { setMaxListeners } from "node:events";
import { request, type Agent } from "node:http";
import { LOST, type Drive } from "./drive.js";
import type { Answer } from "./judge.js";

export type Server = Pick<Drive, "url" | "timeout" | "signal">;

/**
 * @param path of the address; the rest of it is the server's
 * @param cookie the Cookie header, "" for none
 * @throws Error whose `code` says why there was no answer
 */
export function get({ url, timeout, signal }: Server, path: string, cookie: string, agent: Agent): Promise<Answer> {
  // Every request that is on its way listens, and there is no limit to those.
  setMaxListeners(0, signal);
  return new Promise((resolve, reject) => {
    const headers = cookie === "" ? {} : { cookie };
    const sent = request(new URL(path, url), { agent, headers, signal, timeout: timeout * 1000 });
    sent.on("timeout", () => sent.destroy(Object.assign(new Error("no answer in time"), { code: LOST.timeout })));
    sent.on("error", reject);
    sent.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("error", reject);
      response.on("end", () => {
        const { "content-type": contentType = "", "set-cookie": setCookies = [] } = response.headers;
        resolve({ status: response.statusCode ?? 0, contentType, setCookies, body });
      });
    });
    sent.end();
  });
}
