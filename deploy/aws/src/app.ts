/** What `cdk` runs. */
import { SettingError } from "./settings.js";
import { makeApp } from "./stacks.js";

try {
  makeApp().app.synth();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
