/** Checks the descriptions of the ports by all rules that the linter recommends, without the network. */
import { BaseResolver, createConfig, formatProblems, getTotals, lint } from "@redocly/openapi-core";

const DESCRIPTIONS = ["docs/openapi.yaml", "docs/admin-api.yaml", "docs/conversions-api.yaml"];

class LocalResolver extends BaseResolver {
  override loadExternalRef(ref: string): ReturnType<BaseResolver["loadExternalRef"]> {
    if (/^[a-z][a-z0-9+.-]*:/i.test(ref)) throw new Error(`${ref}: is elsewhere: describe it here`);
    return super.loadExternalRef(ref);
  }
}

const config = await createConfig({
  extends: ["recommended-strict"],
  rules: {
    // A campaign's page is at both addresses, with the slash and without.
    "no-path-trailing-slash": "off",
    // The success of one operation is a redirection, and a preflight has none.
    "operation-2xx-response": "off",
  },
});
for (const description of DESCRIPTIONS) {
  const problems = await lint({ ref: description, config, externalRefResolver: new LocalResolver() });
  if (problems.length === 0) continue;
  const totals = getTotals(problems);
  formatProblems(problems, { totals, format: "codeframe", color: process.stderr.isTTY });
  console.error(`${description}: ${problems.length} problems: see the rules that are named above`);
  process.exitCode = 1;
}
