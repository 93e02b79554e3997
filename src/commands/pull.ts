/** Pulls an index into a folder, once or again and again, as the server does by itself with INDEX_URL. */
import { join } from "node:path";
import { readConfig, readS3Environment, settingOptions } from "../config.js";
import { LoadIndexError } from "../index/load.js";
import { command } from "../options/command.js";
import { UsageError } from "../options/options.js";
import { printable } from "../options/printable.js";
import { FOLDER, wholeNumber } from "../options/values.js";
import { INDEX_ADDRESS } from "../pull/address.js";
import { openFolderPull } from "../pull/folder-pull.js";
import { feedSettingsOf } from "../pull/settings.js";
import { SERVER_NOTES, SERVER_OPTIONS } from "./find-server.js";
import { reload } from "./reload.js";

const { "index-poll": EVERY } = settingOptions(["INDEX_POLL"]);
const PULL_OPTIONS = settingOptions(["INDEX_TOKEN_FILE", "INDEX_PUBLIC_KEY", "INDEX_MAX_BYTES"]);

export const pull = command({
  name: "billboard pull",
  summary: "Fetch an index from an address, check it, and put it in place.",
  options: {
    url: { ...INDEX_ADDRESS, help: "where the index comes from: http, https or s3; INDEX_URL where it is not given" },
    out: { ...FOLDER, default: "dist-index", help: "folder of index.bin" },
    once: { help: "ask once, and end; without it, the source is asked again and again" },
    every: {
      ...wholeNumber(1, 86_400),
      shownDefault: EVERY.shownDefault,
      help: "seconds between two times; INDEX_POLL",
    },
    ...PULL_OPTIONS,
    "allow-older": { help: "take a signed index whose sequence is lower than that of the one in place" },
    reload: { help: "have the running server load what was put in place; where none runs, nothing is done" },
    ...SERVER_OPTIONS,
  },
  notes: `Tokens and keys are variables: INDEX_TOKEN, and for s3:// those that the programs of AWS have.
${SERVER_NOTES}
Exit code of --once: 0 where the newest index is in place, 1 where it is not. Without it, SIGTERM and SIGINT end it with 0.`,
  run: async (values) => {
    const config = readConfig(values);
    const address = values.url ?? config.INDEX_URL;
    if (address === "") throw new UsageError("no address: name one with --url or INDEX_URL");
    const every = values.every ?? config.INDEX_POLL;
    if (values.once && values.every !== undefined) throw new UsageError("--once and --every exclude each other");
    const settings = feedSettingsOf(
      {
        ...config,
        INDEX_URL: address,
        INDEX_POLL: every,
        INDEX_FILE: join(values.out, "index.bin"),
        INDEX_ALLOW_OLDER: config.INDEX_ALLOW_OLDER || values["allow-older"],
        SWITCH_AT: "now",
      },
      readS3Environment(),
    );
    const puller = await openFolderPull(
      { ...settings, pull: settings.pull! },
      {
        onDone: (line) => process.stdout.write(`Billboard: ${printable(line)}\n`),
        onTrouble: (line) => {
          if (!values.once) process.stderr.write(`billboard pull: ${printable(line)}\n`);
        },
      },
    );
    const reloadServer = async (): Promise<void> => {
      if (values.reload) await reload.run({ ...values, "if-running": true });
    };
    if (values.once) {
      const { result, reason = "" } = await puller.pull();
      await puller.close();
      if (result === "refused" || result === "failed") throw new LoadIndexError(`pull ${result}: ${reason}`);
      if (result === "unchanged") process.stdout.write("Billboard: there is nothing new\n");
      await reloadServer();
      return 0;
    }
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.once(signal, () => {
        puller.stop();
      });
    let isReloadDue = false;
    await puller.run(async ({ result }) => {
      isReloadDue ||= result === "replaced";
      if (!isReloadDue) return;
      try {
        await reloadServer();
        isReloadDue = false;
      } catch (error) {
        // Asked for again after the next pull.
        process.stderr.write(`billboard pull: ${printable((error as Error).message)}\n`);
      }
    });
    return 0;
  },
});
