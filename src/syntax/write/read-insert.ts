import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SqlToken } from "../normalise.js";
import { ourName } from "../normalise.js";
import { pendingQuery } from "../pending-query.js";
import type { InsertStatement } from "../statement.js";
import type { RawInsert } from "../statement-tree.js";
import type { Token } from "../token.js";
import type { Pending, WriteExpressions } from "../write-expressions.js";
import { inParentheses, tableTokens, words } from "../write-expressions.js";
import type { ParsedPlain } from "./parsed-write.js";
import { columnName, gathered, parsedWrite, statementBase, tableName } from "./parsed-write.js";
import { readConflict } from "./read-conflict.js";
import { readQuery } from "./read-query.js";

export function readInsert(raw: RawInsert, expressions: WriteExpressions): ParsedPlain {
  if (raw.conflict !== null) return readConflict(raw, raw.conflict, expressions);
  if (raw.source.kind === "query") return insertQuery(raw, raw.source, expressions);
  if (raw.common.length > 0) throw unreadCommon(raw.common);
  const source = insertSource(raw.source, expressions);
  const returning = expressions.returning(raw.returning);
  const own = insertBase(raw, expressions);
  return parsedWrite(own, expressions.gather(tableTokens(own.table, undefined)), (tree) => ({
    ...own,
    source: source(tree),
    returning: returning(tree),
  }));
}

function insertBase(raw: RawInsert, { source, parameters }: WriteExpressions) {
  const table = tableName(raw.table);
  const columns = raw.columns.map(columnName);
  return { kind: "insert", ...statementBase(raw, source, parameters), table, columns } as const;
}

function insertSource(
  raw: Exclude<RawInsert["source"], { kind: "query" }>,
  expressions: WriteExpressions,
): Pending<InsertStatement["source"]> {
  if (raw.kind === "default-values") return () => raw;
  const rows = raw.rows.map((row) => row.map((value) => expressions.value(value)));
  return (tree) => ({ kind: "values", rows: rows.map((row) => row.map((value) => value(tree))) });
}

/** With RETURNING, both are one text: `WITH "source" AS (query) SELECT NULL, returning FROM table`. */
function insertQuery(
  raw: RawInsert,
  source: Extract<RawInsert["source"], { kind: "query" }>,
  expressions: WriteExpressions,
): ParsedPlain {
  const { tokens, statement: whole } = readQuery(source, raw.common, expressions);
  const returning = expressions.returning(raw.returning);
  const own = insertBase(raw, expressions);
  const returned = expressions.select(tableTokens(own.table, undefined));
  const query = pendingQuery(raw.returning === null ? tokens : [...asCommonTable(tokens), ...returned]);
  const { kind, text, offset, parameters } = own;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: query.unparsed,
    complete: (read) => {
      const tree = query.tree(read);
      const rows = raw.returning === null ? tree : (tree.ctes[0]?.query ?? tree);
      return {
        ...own,
        source: { kind: "query", select: { ...whole, query: rows } },
        returning: returning(gathered(tree)),
      };
    },
  };
}

function asCommonTable(tokens: readonly SqlToken[]): readonly SqlToken[] {
  return [...words("WITH"), ourName("source"), ...words("AS"), ...inParentheses(tokens)];
}

function unreadCommon([first]: readonly Token[]): StripeSqlError {
  return new StripeSqlError("WITH before INSERT … VALUES is not supported", {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    position: first?.start,
    hint: "Give the rows by a query: WITH … INSERT INTO … SELECT ….",
  });
}
