/** A lexeme of SQL, in the text's own spelling. Brackets are "open" and "close"; commas and dots are operators. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "number" | "parameter" | "operator" | "open" | "close";
  readonly text: string;
  /** Offset in the script. */
  readonly start: number;
}

/** The word in upper case, or undefined for any other token: a quoted name is never a keyword. */
export function keywordOf(token: Token | undefined): string | undefined {
  return token?.kind === "word" ? token.text.toUpperCase() : undefined;
}

/** The name that a bare word, "quoted", `quoted` or [quoted] name stands for. */
export function nameOf(token: Token): string {
  if (token.kind === "word") return token.text;
  const inner = token.text.slice(1, -1);
  if (token.text.startsWith("[")) return inner.trim();
  const quote = token.text.charAt(0);
  return inner.replaceAll(quote + quote, quote);
}

/** The value that a string token stands for: '…' with '' inside, E'…' with backslash escapes, $tag$…$tag$. */
export function stringValueOf(token: Token): string {
  const { text } = token;
  if (text.startsWith("$")) return text.slice(text.indexOf("$", 1) + 1, text.lastIndexOf("$", text.length - 2));
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return text.slice(2, -1).replace(escapePattern, (_, sequence?: string) => escapedCharacter(sequence));
}

const escapePattern = /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])|''/g;

const controlCharacters: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Source: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE */
function escapedCharacter(sequence: string | undefined): string {
  if (sequence === undefined) return "'";
  if (/^[xuU]./.test(sequence)) return character(Number.parseInt(sequence.slice(1), 16));
  if (/^[0-7]/.test(sequence)) return character(Number.parseInt(sequence, 8));
  return controlCharacters[sequence] ?? sequence;
}

function character(codePoint: number): string {
  return codePoint > 0x10ffff ? "\ufffd" : String.fromCodePoint(codePoint);
}
