/** Measures a latency in a process of its own: the load as JSON, and what was measured as JSON. */
import { generateLoad, type LatencyLoad } from "./latency.js";

process.stdout.write(JSON.stringify(await generateLoad(JSON.parse(process.argv[2]!) as LatencyLoad)));
