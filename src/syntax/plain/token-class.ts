import { isPlainText, readConstant } from "../constant.js";
import type { SqlToken } from "../normalise.js";
import { isValueWord } from "../value-word.js";

/** One character a token, for the pattern of a plain SELECT: see plain-select.ts. */
export type TokenClass = string;

/** Any token that no plain SELECT has. */
const other: TokenClass = "?";

/** Words of a plain SELECT's own clauses. None of them is taken for a name, though DuckDB takes some. */
const clauseWords: ReadonlyMap<string, TokenClass> = new Map([
  ["SELECT", "S"],
  ["FROM", "F"],
  ["AS", "A"],
  ["WHERE", "W"],
  ["AND", "&"],
  ["NOT", "!"],
  ["IS", "i"],
  ["IN", "I"],
  ["BETWEEN", "B"],
  ["LIKE", "L"],
  ["ILIKE", "L"],
  ["ORDER", "O"],
  ["BY", "y"],
  ["ASC", "a"],
  ["DESC", "a"],
  ["NULLS", "n"],
  ["FIRST", "f"],
  ["LAST", "f"],
  ["LIMIT", "M"],
  ["OFFSET", "o"],
  ["NULL", "u"],
  ["TRUE", "t"],
  ["FALSE", "t"],
]);

/** Words that DuckDB does not take for a column's name, or not in every place: its keywords but the unreserved ones. */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    "ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE DEFAULT " +
    "DEFERRABLE DESC DESCRIBE DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FROM GROUP HAVING IN INITIALLY " +
    "INTERSECT INTO LAMBDA LATERAL LEADING LIMIT NOT NULL OFFSET ON ONLY OR ORDER PIVOT PIVOT_LONGER PIVOT_WIDER PLACING " +
    "PRIMARY QUALIFY REFERENCES RETURNING SELECT SHOW SOME SUMMARIZE SYMMETRIC TABLE THEN TO TRAILING TRUE UNION UNIQUE " +
    "UNPIVOT USING VARIADIC WHEN WHERE WINDOW WITH " +
    "ANTI ASOF AT AUTHORIZATION BINARY BY COLLATION COLUMNS CONCURRENTLY CROSS FREEZE FULL GENERATED GLOB ILIKE INNER IS " +
    "ISNULL JOIN LEFT LIKE MAP NATURAL NOTNULL OUTER OVERLAPS POSITIONAL RIGHT SEMI SIMILAR STRUCT TABLESAMPLE TRY_CAST " +
    "UNPACK VERBOSE " +
    "BETWEEN VARCHAR BIT BOOLEAN CHAR CHARACTER COALESCE DEC DECIMAL EXISTS EXTRACT FLOAT GROUPING BIGINT INOUT INT " +
    "INTEGER INTERVAL NATIONAL NCHAR NONE NULLIF NUMERIC OUT OVERLAY POSITION PRECISION REAL ROW SETOF SMALLINT SUBSTRING " +
    "TIME TIMESTAMP TREAT TRIM VALUES XMLTABLE XMLATTRIBUTES XMLCONCAT XMLELEMENT XMLEXISTS XMLFOREST XMLNAMESPACES " +
    "XMLPARSE XMLPI XMLROOT XMLSERIALIZE GROUPING_ID"
  ).split(" "),
);

const operators: ReadonlyMap<string, TokenClass> = new Map([
  ...["=", "==", "<>", "!=", "<", "<=", ">", ">="].map((text) => [text, "c"] as const),
  ...[",", ".", "*", "-"].map((text) => [text, text] as const),
]);

export function tokenClass(token: SqlToken): TokenClass {
  switch (token.kind) {
    case "word":
      return wordClass(token.text);
    case "name":
      return isPlainText(token.text) ? "N" : other;
    case "string":
    case "number":
    case "parameter":
      return readConstant([token]) === undefined ? other : constantClasses[token.kind];
    case "operator":
      return operators.get(token.text) ?? other;
    case "open":
    case "close":
      return token.text === "(" || token.text === ")" ? token.text : other;
  }
}

const constantClasses = { string: "s", number: "d", parameter: "p" } as const;

function wordClass(text: string): TokenClass {
  const keyword = text.toUpperCase();
  const clause = clauseWords.get(keyword);
  if (clause !== undefined) return clause;
  const isName = !reservedWords.has(keyword) && !isValueWord(keyword) && isPlainText(text);
  return isName ? "N" : other;
}
