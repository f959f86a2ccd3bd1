/** A word, name, text, number or sign of a statement; white space and comments are none. */
export interface StatementToken {
  /** As it is written, a word in upper case. */
  readonly text: string;
  /** Offsets in the statement's text. */
  readonly start: number;
  readonly end: number;
  /** How many parentheses are open around it; its own for a parenthesis. */
  readonly depth: number;
}

const blank = /\s+|--[^\n\r]*/y;
const text = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|(?:[bBnNxX]|[uU]&)?'(?:[^']|'')*'|(?:[uU]&)?"(?:[^"]|"")*"/y;
const word = /[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*/y;
const dollarQuote = /\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$/y;
const comment = /\/\*|\*\//g;

/** The tokens of a statement that PostgreSQL's parser has read, so that all that is opened in it is closed. */
export function statementTokens(statement: string): readonly StatementToken[] {
  const tokens: StatementToken[] = [];
  let depth = 0;
  for (let start = 0; start < statement.length; ) {
    const blankEnd = endOfBlank(statement, start);
    if (blankEnd > start) {
      start = blankEnd;
      continue;
    }
    const end = endOfToken(statement, start);
    const own = statement.slice(start, end);
    const isWord = endOf(word, statement, start) === end;
    if (own === "(") depth += 1;
    tokens.push({ text: isWord ? own.toUpperCase() : own, start, end, depth });
    if (own === ")") depth -= 1;
    start = end;
  }
  return tokens;
}

function endOfBlank(statement: string, start: number): number {
  return statement.startsWith("/*", start) ? endOfComment(statement, start) : (endOf(blank, statement, start) ?? start);
}

/** Comments stand in each other. */
function endOfComment(statement: string, start: number): number {
  let open = 0;
  const pattern = new RegExp(comment);
  pattern.lastIndex = start;
  for (let match = pattern.exec(statement); match !== null; match = pattern.exec(statement)) {
    open += match[0] === "/*" ? 1 : -1;
    if (open === 0) return pattern.lastIndex;
  }
  return statement.length;
}

function endOfToken(statement: string, start: number): number {
  const quote = endOf(dollarQuote, statement, start);
  if (quote !== undefined) {
    const close = statement.indexOf(statement.slice(start, quote), quote);
    return close < 0 ? statement.length : close + quote - start;
  }
  return endOf(text, statement, start) ?? endOf(word, statement, start) ?? start + 1;
}

function endOf(pattern: RegExp, statement: string, start: number): number | undefined {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = start;
  return sticky.test(statement) ? sticky.lastIndex : undefined;
}
