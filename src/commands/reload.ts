/** Has the running server load the index on disk, and says what came of it. */
import { describeReload, type ReloadResult } from "../index/reload.js";
import { command } from "../options/command.js";
import { printable } from "../options/printable.js";
import { ask, findServer, SERVER_NOTES, SERVER_OPTIONS } from "./find-server.js";

export const reload = command({
  name: "billboard reload",
  summary: "Have the running server load the index on disk, and say what came of it.",
  options: {
    ...SERVER_OPTIONS,
    "if-running": { help: "where no server runs, say so and end with 0" },
  },
  notes: `${SERVER_NOTES}
Exit code: 0 where the index on disk is served now, 1 where it was refused or no server runs.`,
  run: async (values) => {
    const server = findServer(values);
    const url = `${server.adminUrl}/reload`;
    const response = await ask(server, "POST", "/reload");
    if (response === undefined) {
      const none = `no server answers at ${server.adminUrl}/`;
      if (!values["if-running"]) throw new Error(`${none}: start one, or name its ADMIN_HOST and ADMIN_PORT`);
      process.stdout.write(`Billboard: ${printable(none)}; \`make start\` starts one.\n`);
      return 0;
    }
    const { status, text } = response;
    if (status !== 200 && status !== 409) throw new Error(`${url}: ${status}: ${text}`);
    const result = JSON.parse(text) as ReloadResult;
    if (result.result === "refused") throw new Error(describeReload(result));
    process.stdout.write(`Billboard: ${printable(describeReload(result))}.\n`);
    return 0;
  },
});
