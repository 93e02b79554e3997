/** Publishes an index where replicas get it: at a server that takes it by PUT, or in an object store. */
import { readConfig, readS3Environment, settingOptions } from "../config.js";
import { PeriodClock } from "../decision/period.js";
import { openIndex, type OpenedIndex } from "../index/load.js";
import { command } from "../options/command.js";
import { UsageError } from "../options/options.js";
import { printable } from "../options/printable.js";
import { FILE, wholeNumber } from "../options/values.js";
import { INDEX_ADDRESS, shownAddress } from "../pull/address.js";
import { readBeside } from "../pull/beside-index.js";
import { publishTo } from "../pull/publish.js";
import { s3Request } from "../pull/s3.js";
import { claimOf, MAX_SIGNATURE_BYTES, SIGNATURE_SUFFIX, type Signed } from "../pull/signature.js";
import { switchText } from "../pull/switch.js";
import { readIndexToken } from "../pull/token.js";

const SECONDS = { placeholder: "SECONDS" };
const WEEK = 604_800;

export const publish = command({
  name: "billboard publish",
  summary: "Put an index, with its signature, where replicas get it.",
  options: {
    to: { ...INDEX_ADDRESS, help: "address to put it at: http://, https:// or s3://bucket/key (required)" },
    index: { ...FILE, default: "dist-index/index.bin", help: "index to publish; its signature is FILE.sig, if there" },
    "switch-after": {
      ...wholeNumber(0, WEEK),
      ...SECONDS,
      help: "have all replicas serve it from one moment on: the first period that begins so much later or after that",
    },
    ...settingOptions(["TIME_ZONE", "INDEX_TOKEN_FILE"]),
    timeout: { ...wholeNumber(1, 3600), ...SECONDS, default: "60", help: "how long nothing may move" },
  },
  notes: `A server gets the token of --index-token-file, INDEX_TOKEN_FILE or INDEX_TOKEN. For s3://, set AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, and AWS_REGION, or AWS_ENDPOINT_URL for a store elsewhere. The signature goes first, then the
moment to switch at, and the index last.`,
  run: async ({ to, index: file, "switch-after": switchAfter, timeout, ...settings }) => {
    if (to === undefined) throw new UsageError("--to: missing, expected the address to put the index at");
    const config = readConfig(settings);
    const token = readIndexToken(config);
    const environment = readS3Environment();
    // What the environment lacks shows before all of the index is read.
    if (to.protocol === "s3:") await s3Request(to, { method: "PUT" }, environment);
    const opened = await openIndex(file);
    try {
      const { digest, counts } = opened.index;
      const signature = readBeside(`${file}${SIGNATURE_SUFFIX}`, MAX_SIGNATURE_BYTES);
      const signed = signature === undefined ? undefined : requireFor(digest, file, signature);
      const at =
        switchAfter === undefined
          ? undefined
          : borderAfter(Date.now() + switchAfter * 1000, config.TIME_ZONE, counts.periods);
      await publishTo(
        { address: to, token, environment, timeoutMs: timeout * 1000 },
        { opened, signature, switchTo: at === undefined ? undefined : switchText({ digest, at }) },
      );
      process.stdout.write(`${described(to, opened, signed, at)}\n`);
      if (at !== undefined && at < Date.now())
        process.stderr.write(
          "billboard publish: the moment to switch at passed before the index was there: replicas switch as each gets " +
            "it; a larger --switch-after leaves them the time\n",
        );
      return 0;
    } finally {
      await opened.handle.close();
    }
  },
  // The whole message: it begins with a name, which may have a line end, and ends with what to do.
  explain: (error) => (error as Error).message,
});

/** The first moment at which a period begins, from `epochMs` on. */
function borderAfter(epochMs: number, timeZone: string, periods: number): number {
  return new PeriodClock(timeZone, periods).nextAt(epochMs - 1);
}

function requireFor(digest: string, file: string, signature: string): Signed {
  const name = `${file}${SIGNATURE_SUFFIX}`;
  const remedy = "sign the index anew with `billboard sign`, or remove that file";
  let signed;
  try {
    signed = claimOf(signature);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}: ${remedy}`, { cause: error });
  }
  if (signed.digest !== digest)
    throw new Error(`${name}: is for another index, generation ${signed.digest.slice(0, 16)}: ${remedy}`);
  return signed;
}

function described(
  to: URL,
  { index, length }: OpenedIndex,
  signed: Signed | undefined,
  at: number | undefined,
): string {
  const sequence = signed?.sequence === undefined ? "without a sequence" : `sequence ${signed.sequence}`;
  return [
    `${printable(shownAddress(to))} is now generation ${index.generation}, ${length} bytes`,
    signed === undefined ? "not signed" : `signed, ${sequence}`,
    ...(at === undefined ? [] : [`to be served from ${new Date(at).toISOString()} on`]),
  ].join("; ");
}
