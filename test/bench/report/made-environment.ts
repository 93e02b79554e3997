/** Where nobody has measured anything. */
import type { Environment } from "../../../bench/environment.js";

export const ENVIRONMENT = {
  processor: "A processor",
  cores: 2,
  memory: 4,
  system: "A system, Linux 1.0",
  date: "2026-11-23",
  versions: { "Node.js": "20.0.0" },
  commit: "0123456",
} as const satisfies Environment;
