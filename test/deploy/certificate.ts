/** A certificate for `localhost`, in the two files that deploy/README.md asks for. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Answers with the path of the certificate; that of its key has `.key` behind it. */
export function makeCertificate(folder: string): string {
  const file = join(folder, "billboard.pem");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${file}.key`];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, "-out", file], { stdio: "pipe" });
  return file;
}
