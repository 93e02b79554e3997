/** Shows text that others wrote so that it acts on no terminal, and so that nothing in it is invisible. */

/** Scripts whose letters join, or do not, by a joiner between them. */
const JOINING =
  "Arabic Syriac Nko Mongolian Adlam Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala";

const LETTER =
  "(?=[\\p{L}\\p{M}])(?!\\p{Default_Ignorable_Code_Point})" +
  `[${JOINING.split(" ")
    .map((script) => `\\p{Script_Extensions=${script}}`)
    .join("")}]`;

/** Where joiners and the emoji style are seen, by what they do: RFC 5892, appendix A, simplified; UTS #51. */
const SEEN = [
  `${LETTER}[\u200c\u200d](?=${LETTER})`,
  "\\p{Extended_Pictographic}[\ufe0f\\p{Emoji_Modifier}]?\u200d(?=\\p{Extended_Pictographic})",
  "\\p{Extended_Pictographic}\ufe0f",
  "[#*0-9]\ufe0f(?=\u20e3)",
].join("|");

/** Control and format characters, what fonts leave out, separators of lines, and halves of surrogate pairs. */
const UNPRINTABLE = "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]";

const SEEN_OR_NOT = new RegExp(`(${SEEN})|${UNPRINTABLE}`, "gu");

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** One line, with escapes as in JSON; a backslash stays as it is, so that what is escaped already stays so. */
export function printable(text: string): string {
  return text.replace(SEEN_OR_NOT, (found, seen?: string) => seen ?? SHORT[found] ?? escaped(found));
}

export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** In quotes, as in JSON, and cut where it is long. */
export function quoted(text: string, maxLength = 40): string {
  return printable(JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text));
}

function escaped(character: string): string {
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
