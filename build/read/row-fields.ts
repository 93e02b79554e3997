/** Splits rows into fields, leniently: a quote within a field is text, and so are quotes with text behind them. */

const QUOTE = 0x22;
const SPACE = 0x20;
const TAB = 0x09;

/** Counts the delimiters outside of quotes in one line, which may begin and end within quotes. */
export function countFields(
  text: string,
  start: number,
  end: number,
  isQuoted: boolean,
  delimiter = ",",
): { readonly count: number; readonly isOpen: boolean } {
  const delimiterCode = delimiter.charCodeAt(0);
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
    } else if (character === delimiterCode) {
      count++;
      isFieldStart = true;
    } else if (!isFieldStart || !isBlank(character)) {
      isOpen = isFieldStart && character === QUOTE;
      isFieldStart = false;
    }
  }
  return { count, isOpen };
}

/**
 * Takes a row whose quotes are closed; blanks round fields and quotes are no part of them. In a strict row, quotes
 * stand only around fields, or doubled within them.
 */
export function splitRow(
  row: string,
  delimiter = ",",
): { readonly fields: readonly string[]; readonly isStrict: boolean } {
  if (!row.includes('"')) return { fields: row.split(delimiter).map(withoutBlanks), isStrict: true };
  const fields: string[] = [];
  let isStrict = true;
  for (let start = 0; start <= row.length;) {
    const first = skipBlanks(row, start, delimiter);
    const isQuoted = row.charCodeAt(first) === QUOTE;
    const close = isQuoted ? closingQuote(row, first + 1) : start - 1;
    const next = row.indexOf(delimiter, close + 1);
    const end = next === -1 ? row.length : next;
    const rest = withoutBlanks(row.slice(close + 1, end));
    if (!isQuoted) fields.push(rest);
    else {
      const content = row.slice(first + 1, close).replaceAll('""', '"');
      fields.push(rest === "" ? withoutBlanks(content) : `"${content}"${rest}`);
    }
    if (isQuoted ? rest !== "" : rest.includes('"')) isStrict = false;
    start = end + 1;
  }
  return { fields, isStrict };
}

function skipBlanks(row: string, start: number, delimiter: string): number {
  let at = start;
  while (isBlank(row.charCodeAt(at)) && row[at] !== delimiter) at++;
  return at;
}

function withoutBlanks(text: string): string {
  const isPlain = !isBlank(text.charCodeAt(0)) && !isBlank(text.charCodeAt(text.length - 1));
  return isPlain ? text : text.replace(/^[ \t]+|[ \t]+$/g, "");
}

function isBlank(character: number): boolean {
  return character === SPACE || character === TAB;
}

/** The end of the row where there is none, as by another delimiter than the row's. */
function closingQuote(row: string, from: number): number {
  for (let at = row.indexOf('"', from); at !== -1; at = row.indexOf('"', at + 2))
    if (row.charCodeAt(at + 1) !== QUOTE) return at;
  return row.length;
}
