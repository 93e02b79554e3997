/** Makes the key that signs indexes, and prints what replicas know it by. */
import { command } from "../options/command.js";
import { UsageError } from "../options/options.js";
import { FILE } from "../options/values.js";
import { makePrivateKey } from "../pull/private-key.js";
import { publicKeyText } from "../pull/signature.js";

export const keygen = command({
  name: "billboard keygen",
  summary: "Make a key that signs indexes, and print its public half.",
  options: {
    out: { ...FILE, help: "new file for the private key, which only its owner may read (required)" },
  },
  notes: `The one line that it prints is the INDEX_PUBLIC_KEY of the replicas. The private key stays where indexes are
signed, by \`billboard sign\`, which tells the public half again.`,
  run: ({ out }) => {
    if (out === undefined) throw new UsageError("--out: missing, expected the file for the private key");
    process.stdout.write(`${publicKeyText(makePrivateKey(out))}\n`);
    return 0;
  },
});
