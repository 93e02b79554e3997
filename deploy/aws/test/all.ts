/** Runs every test in one process: loading aws-cdk-lib and synthesising take longer than the tests. */
import { readdirSync } from "node:fs";

for (const file of readdirSync(new URL(".", import.meta.url)).sort())
  if (file.endsWith(".test.js")) await import(new URL(file, import.meta.url).href);
