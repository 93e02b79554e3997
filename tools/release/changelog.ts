/** Reads and writes the sections of CHANGELOG.md. */

const UNRELEASED = "## Unreleased\n";

/** The day of a version's section, as in 2026-11-29; undefined where it has none. */
export function dateOf(changelog: string, version: string): string | undefined {
  const line = changelog.split("\n").find((line) => line.startsWith(`## ${version} - `));
  return line?.slice(-10);
}

/** What is under "Unreleased" becomes the version's section. @throws Error where that is nothing */
export function released(changelog: string, version: string, date: string): string {
  const at = changelog.indexOf(`\n${UNRELEASED}`);
  if (at === -1) throw new Error('CHANGELOG.md: there is no heading "## Unreleased"');
  const begin = at + 1 + UNRELEASED.length;
  const next = changelog.indexOf("\n## ", begin);
  const section = changelog.slice(begin, next === -1 ? undefined : next).trim();
  if (section === "") throw new Error('CHANGELOG.md: nothing is under "## Unreleased": say there what changed');
  return `${changelog.slice(0, begin)}\n## ${version} - ${date}\n${changelog.slice(begin)}`;
}
