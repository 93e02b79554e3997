import { measureAll } from "./matrix.js";

await measureAll("live");
