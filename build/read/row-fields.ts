/** Splits rows into fields, leniently: a quote within a field is text, and so are quotes with text behind them. */

const QUOTE = 0x22;
const COMMA = 0x2c;

/** Counts the commas outside of quotes in one line, which may begin and end within quotes. */
export function countFields(
  text: string,
  start: number,
  end: number,
  isQuoted: boolean,
): { readonly count: number; readonly isOpen: boolean } {
  let count = 0;
  let isOpen = isQuoted;
  let isFieldStart = true;
  for (let at = start; at < end; at++) {
    const character = text.charCodeAt(at);
    if (isOpen) {
      if (character !== QUOTE) continue;
      // Two quotes stand for one.
      if (text.charCodeAt(at + 1) === QUOTE) at++;
      else isOpen = isFieldStart = false;
    } else if (character === COMMA) {
      count++;
      isFieldStart = true;
    } else {
      isOpen = isFieldStart && character === QUOTE;
      isFieldStart = false;
    }
  }
  return { count, isOpen };
}

/** Takes a row whose quotes are closed. In a strict one, they stand only around fields, or doubled within them. */
export function splitRow(row: string): { readonly fields: readonly string[]; readonly isStrict: boolean } {
  if (!row.includes('"')) return { fields: row.split(","), isStrict: true };
  const fields: string[] = [];
  let isStrict = true;
  for (let start = 0; start <= row.length;) {
    const isQuoted = row.charCodeAt(start) === QUOTE;
    const close = isQuoted ? closingQuote(row, start + 1) : start - 1;
    const comma = row.indexOf(",", close + 1);
    const end = comma === -1 ? row.length : comma;
    const rest = row.slice(close + 1, end);
    if (!isQuoted) fields.push(rest);
    else {
      const content = row.slice(start + 1, close).replaceAll('""', '"');
      fields.push(rest === "" ? content : `"${content}"${rest}`);
    }
    if (isQuoted ? rest !== "" : rest.includes('"')) isStrict = false;
    start = end + 1;
  }
  return { fields, isStrict };
}

function closingQuote(row: string, from: number): number {
  for (let at = row.indexOf('"', from); ; at = row.indexOf('"', at + 2))
    if (row.charCodeAt(at + 1) !== QUOTE) return at;
}
