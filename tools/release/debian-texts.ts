/** Writes the texts of the Debian package: control, changelog, copyright. */

const AUTHORS = "The Billboard authors <authors@billboard.invalid>";

/** A pre-release comes before its release, which Debian tells by a tilde. */
export function debianVersion(version: string): string {
  return version.replace("-", "~");
}

/** @param kibibytes of all that is installed */
export function control(version: string, architecture: string, kibibytes: number): string {
  return `Package: billboard
Version: ${debianVersion(version)}
Architecture: ${architecture}
Maintainer: ${AUTHORS}
Installed-Size: ${kibibytes}
Depends: nodejs (>= 20.19), libc6 (>= 2.27), systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles
Section: web
Priority: optional
Description: ad server for banners
 Billboard shows each visitor of a campaign one of the banners that earn most in
 this part of the hour, at random, and never the same one twice in a row.
 .
 A build compiles event data into one binary index; the server holds it in
 memory, so that there is no database at run time.
`;
}

export function changelog(version: string, date: Date): string {
  const time = date.toUTCString().replace("GMT", "+0000");
  return `billboard (${debianVersion(version)}) unstable; urgency=medium

  * What changed is in CHANGELOG.md, beside this file.

 -- ${AUTHORS}  ${time}
`;
}

/** @param license ours @param packages what comes with it: their paths, with their licenses by SPDX */
export function copyright(
  license: string,
  packages: readonly { readonly path: string; readonly license: string }[],
): string {
  const [, holder] = /^Copyright \(c\) (.*)$/m.exec(license)!;
  const [, text] = /^Copyright .*\n\n([^]*)$/m.exec(license)!;
  const indented = text!
    .trimEnd()
    .replace(/^(?=.)/gm, " ")
    .replace(/^$/gm, " .");
  const others = packages.map(
    ({ path, license: name }) => `
Files: ${path}
Copyright: its authors, as its package.json and its own license file name them
License: ${name}
`,
  );
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Billboard

Files: *
Copyright: ${holder!}
License: MIT
${indented}
${others.join("")}`;
}
