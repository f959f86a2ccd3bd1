import type { CopyCursor } from "./copy-cursor.js";
import { NotUnderstood } from "./not-understood.js";
import { matchingClose } from "./operand.js";
import { keywordOf } from "./token.js";

/** Words that begin or shape a clause. True where one was written. */
export function writeClauseWord(cursor: CopyCursor): boolean {
  return writers[cursor.keyword() ?? ""]?.(cursor) ?? false;
}

const writers: Readonly<Record<string, (cursor: CopyCursor) => boolean>> = {
  FROM: from,
  ALL: all,
  LEFT: join,
  RIGHT: join,
  FULL: join,
  INNER: join,
  CROSS: join,
  NULLS: nulls,
  RECURSIVE: (cursor) => cursor.keyword(-1) === "WITH" && written(cursor, "RECURSIVE", 1),
  FETCH: fetchFirst,
  ROW: offsetRows,
  ROWS: offsetRows,
  MATERIALIZED: (cursor) => cursor.keyword(-1) === "AS" && dropped(cursor, 1),
  NOT: (cursor) => cursor.keyword(1) === "MATERIALIZED" && dropped(cursor, 2),
  VALUES: values,
};

/** node-sql-parser takes CROSS for an alias, but a JOIN may stand without ON. */
function join(cursor: CopyCursor): boolean {
  const next = cursor.keyword(1);
  if (next !== "JOIN" && next !== "OUTER") return false;
  const kind = cursor.keyword();
  return written(cursor, kind === "CROSS" ? "JOIN" : `${kind} JOIN`, next === "JOIN" ? 2 : 3);
}

function nulls(cursor: CopyCursor): boolean {
  const place = cursor.keyword(1);
  return (place === "FIRST" || place === "LAST") && written(cursor, `NULLS ${place}`, 2);
}

/** OFFSET 5 ROWS */
function offsetRows(cursor: CopyCursor): boolean {
  return cursor.keyword(-2) === "OFFSET" && dropped(cursor, 1);
}

function written(cursor: CopyCursor, text: string, count: number): true {
  cursor.emit(text, count);
  return true;
}

function dropped(cursor: CopyCursor, count: number): true {
  cursor.skip(count);
  return true;
}

/** A FROM that begins a query reads `SELECT * FROM`. */
function from(cursor: CopyCursor): true {
  const { before, tokens, index } = cursor;
  if (before !== undefined && before.text !== "(") return written(cursor, "FROM", 1);
  const end = before === undefined ? tokens.length : matchingClose(tokens, index - 1);
  for (let at = index; at < end; at += 1) {
    if (tokens[at]?.kind === "open") at = matchingClose(tokens, at);
    else if (keywordOf(tokens[at]) === "SELECT") throw new NotUnderstood("FROM before SELECT");
  }
  return written(cursor, "SELECT * FROM", 1);
}

/** ALL behind SELECT and LIMIT says nothing. GROUP BY ALL and ORDER BY ALL are expressions that no rule reads. */
function all(cursor: CopyCursor): boolean {
  const before = cursor.keyword(-1);
  if (before === "SELECT") return dropped(cursor, 1);
  if (before === "UNION") return written(cursor, "ALL", 1);
  if (before === "LIMIT") {
    cursor.output.pop();
    return dropped(cursor, 1);
  }
  if (before !== "BY") return false;
  cursor.operand({ kind: "other", operands: [] }, 1);
  return true;
}

/** FETCH FIRST n ROWS ONLY reads LIMIT n. */
function fetchFirst(cursor: CopyCursor): boolean {
  if (cursor.keyword(1) !== "FIRST" && cursor.keyword(1) !== "NEXT") return false;
  const rows = cursor.symbol(2) === undefined ? 2 : 3;
  const isWhole =
    (cursor.keyword(rows) === "ROW" || cursor.keyword(rows) === "ROWS") && cursor.keyword(rows + 1) === "ONLY";
  if (!isWhole) throw new NotUnderstood("FETCH");
  cursor.emit("LIMIT", 2);
  if (rows === 3) cursor.writeToken();
  else cursor.operand({ kind: "literal", value: { type: "number", text: "1" } }, 0);
  return dropped(cursor, 2);
}

/** VALUES (1, 'a'), (2, 'b') reads SELECT 1 AS col0, 'a' AS col1 UNION ALL SELECT 2, 'b'. */
function values(cursor: CopyCursor): boolean {
  if (cursor.symbol(1) !== "(") return false;
  cursor.skip(1);
  valuesRow(cursor, true);
  while (cursor.symbol() === "," && cursor.symbol(1) === "(") {
    cursor.emit("UNION ALL", 1);
    valuesRow(cursor, false);
  }
  return true;
}

function valuesRow(cursor: CopyCursor, isFirst: boolean): void {
  const close = cursor.close();
  cursor.emit("SELECT", 1);
  for (let column = 0; cursor.index < close; column += 1) {
    if (column > 0) cursor.emit(",", 1);
    cursor.writeItem(close);
    const name = {
      kind: "name",
      name: `col${column}`,
      quoted: false,
      position: undefined,
      columns: undefined,
    } as const;
    if (isFirst) cursor.emit(`AS "${cursor.atom(name)}"`);
  }
  cursor.skip(1);
}
