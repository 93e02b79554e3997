/** Imported into a server under test by NODE_OPTIONS: its standard output passes for a terminal. */
import { syncBuiltinESMExports } from "node:module";
import tty from "node:tty";

tty.isatty = (descriptor) => descriptor === 1;
syncBuiltinESMExports();
