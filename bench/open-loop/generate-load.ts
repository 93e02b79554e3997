/** The program of a process that drives a server: a load and a file of visits as JSON, and the latency as JSON. */
import { driveLoad, type Load } from "./drive-load.js";
import { readRequests } from "./requests.js";

const load = JSON.parse(process.argv[2]!) as Load & { readonly visits: string };
try {
  process.stdout.write(JSON.stringify(await driveLoad(load, await readRequests(load.visits, load.port))));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
