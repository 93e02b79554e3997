import { measureAll } from "./matrix.js";

await measureAll("file");
