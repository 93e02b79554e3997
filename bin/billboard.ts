#!/usr/bin/env node
/** Runs the subcommand of `billboard` that the first argument names. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { receiveSignals } from "../src/commands/signals.js";
import { runCommand } from "../src/options/command.js";
import { printable } from "../src/options/printable.js";
import { COMMANDS, overview } from "./commands.js";

/** Seen from dist/bin. */
const PACKAGE = join(import.meta.dirname, "../../package.json");

function version(): string {
  return `${(JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string }).version}\n`;
}

const [name, ...args] = process.argv.slice(2);
// Before its program is loaded, which takes a good part of a second.
if (name === "serve") receiveSignals();
if (name === "help" || name === "--help") {
  process.stdout.write(await overview());
} else if (name === "--version") {
  process.stdout.write(version());
} else if (name !== undefined && Object.hasOwn(COMMANDS, name)) {
  await runCommand(await COMMANDS[name]!(), args);
} else {
  const got = name === undefined ? "no command" : printable(JSON.stringify(name));
  process.stderr.write(`billboard: got ${got}, expected one of ${Object.keys(COMMANDS).join(", ")}\n`);
  process.exitCode = 2;
}
