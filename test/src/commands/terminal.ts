/** Imported into a server under test by NODE_OPTIONS: its standard output passes for a terminal. */
process.stdout.isTTY = true;
export {};
