/** Asks a ClickHouse server over HTTP, as the user who may do all. */

/** @throws Error with what it says */
export async function query(port: number, statement: string, body = ""): Promise<string> {
  const parameters = new URLSearchParams({ query: statement, insert_distributed_sync: "1" });
  const response = await fetch(`http://127.0.0.1:${port}/?${parameters.toString()}`, { method: "POST", body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${statement.slice(0, 200)}: ${text.slice(0, 500)}`);
  return text;
}
