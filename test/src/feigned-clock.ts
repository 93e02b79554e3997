/** Imported into a server under test by NODE_OPTIONS: all its threads have the time that the file CLOCK says. */
import { readFileSync } from "node:fs";

const file = process.env["CLOCK"]!;

Date.now = () => Number(readFileSync(file, "latin1"));
