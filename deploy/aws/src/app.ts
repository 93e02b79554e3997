/** What `cdk` runs. */
import { makeApp } from "./stacks.js";

makeApp().app.synth();
