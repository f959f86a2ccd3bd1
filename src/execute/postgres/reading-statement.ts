/** What only reads begins so; whatever else is not for this engine. */
const readingWords = new Set(["select", "with", "values", "table", "show", "explain", "copy"]);

const space = /\s+|--[^\r\n]*/y;

/**
 * True where a statement begins as those do that read. All others are taken out before this engine, which is one for all
 * clients; that they do not reach it is checked here. What changes something within one of these is refused by
 * PostgreSQL: the transaction only reads, and the role may do no more.
 */
export function isReadingStatement(sql: string): boolean {
  let at = 0;
  for (let next = skip(sql, at); next > at; next = skip(sql, at)) at = next;
  const word = /^[a-z]+/i.exec(sql.slice(at, at + 16))?.[0].toLowerCase();
  return word === undefined ? isEmpty(sql, at) : readingWords.has(word);
}

/** A text without a statement is answered by PostgreSQL like any other. */
function isEmpty(sql: string, at: number): boolean {
  return at >= sql.length;
}

/** White space, a comment, an opening bracket, or the end of an empty statement. */
function skip(sql: string, at: number): number {
  if (sql[at] === "(" || sql[at] === ";") return at + 1;
  if (sql.startsWith("/*", at)) return endOfComment(sql, at);
  space.lastIndex = at;
  return at + (space.exec(sql)?.[0].length ?? 0);
}

/** Comments hold others. One that has no end is a syntax error, which PostgreSQL tells. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let match = mark.exec(sql); match !== null; match = mark.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return sql.length;
}
