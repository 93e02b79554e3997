/** Imported into a program under test: its clock goes forward by an hour once there is the file LATE_FILE. */
import { existsSync } from "node:fs";

const { now } = Date;
Date.now = () => now() + (existsSync(process.env["LATE_FILE"]!) ? 3_600_000 : 0);
