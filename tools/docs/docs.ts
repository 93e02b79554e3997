/** Writes the documents and manifests that follow from the code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, runCommand } from "../../src/options/command.js";
import { generatedDocuments, ROOT } from "./documents.js";

await runCommand(
  command({
    name: "npm run docs",
    summary: "Write the files that follow from the code: documents, manifests.",
    options: {},
    run: async () => {
      for (const [path, text] of Object.entries(await generatedDocuments())) {
        writeFileSync(join(ROOT, path), text);
        process.stdout.write(`${path}\n`);
      }
      return 0;
    },
  }),
);
