/** What typed text holds: statements that are complete, and what is still to be continued. */
export interface SplitText {
  /** Complete statements, without their semicolons; none of them blank. */
  readonly statements: readonly string[];
  /** What follows the last semicolon. */
  readonly rest: string;
  /** What the rest is in the middle of. */
  readonly open: OpenPart;
}

/** The beginning of a quotation or comment that is not closed, `(` for a parenthesis, else nothing. */
export type OpenPart = "'" | '"' | "`" | "$" | "/*" | "(" | undefined;

/** Whole quotations and line comments first, then the beginnings of those that never end, then anything. */
const lexeme = new RegExp(
  [
    /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/,
    /'[^']*'|"[^"]*"|`[^`]*`/,
    /(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1/,
    /--[^\n]*/,
    /\/\*/,
    /[eE]?'|\$(?:[A-Za-z_]\w*)?\$/,
    /\w+|[\s\S]/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "y",
);

/** Splits what was typed at the semicolons that stand outside of quotations and comments. */
export function splitStatements(text: string): SplitText {
  const statements: string[] = [];
  let start = 0;
  let depth = 0;
  for (const { token, end } of lexemes(text)) {
    const open = openPart(token);
    if (open !== undefined) return { statements, rest: text.slice(start), open };
    depth += depthChange(token);
    if (token !== ";") continue;
    const statement = text.slice(start, end - 1);
    if (!isBlank(statement)) statements.push(statement);
    start = end;
    depth = 0;
  }
  return { statements, rest: text.slice(start), open: depth > 0 ? "(" : undefined };
}

/** True where a text holds nothing but spaces and comments. */
export function isBlank(text: string): boolean {
  return lexemes(text).every(({ token }) => /^(\s|--|\/\*[\s\S])/.test(token));
}

interface Lexeme {
  readonly token: string;
  readonly end: number;
}

function lexemes(text: string): readonly Lexeme[] {
  const found: Lexeme[] = [];
  let position = 0;
  while (position < text.length) {
    lexeme.lastIndex = position;
    const token = lexeme.exec(text)?.[0] ?? text.slice(position);
    const end = token === "/*" ? endOfComment(text, position) : position + token.length;
    found.push({ token: text.slice(position, end), end });
    position = end;
  }
  return found;
}

/** Comments nest, as PostgreSQL's do. One that never ends is its two first characters. */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return start + 2;
}

function openPart(token: string): OpenPart {
  if (/^[eE]?'$/.test(token)) return "'";
  if (token === '"' || token === "`" || token === "/*") return token;
  return /^\$\w*\$$/.test(token) ? "$" : undefined;
}

function depthChange(token: string): number {
  if (token === "(") return 1;
  return token === ")" ? -1 : 0;
}
