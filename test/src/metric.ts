/** What the administration port says. */
export async function metricsOf(adminPort: unknown): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://127.0.0.1:${String(adminPort)}/metrics`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}
