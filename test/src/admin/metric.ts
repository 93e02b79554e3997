/** Metrics in the text format of Prometheus to the value of each series. */
export function seriesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

/** What the administration port says. */
export async function metricsOf(adminPort: unknown): Promise<ReadonlyMap<string, number>> {
  return seriesIn(await (await fetch(`http://127.0.0.1:${String(adminPort)}/metrics`)).text());
}
