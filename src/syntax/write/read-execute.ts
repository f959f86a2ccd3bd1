import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Query } from "../expression.js";
import type { SqlToken } from "../normalise.js";
import { printTokens } from "../normalise.js";
import type { ExecuteSource, ExecuteStatement } from "../statement.js";
import type { RawExecute } from "../statement-tree.js";
import type { WriteExpressions } from "../write-expressions.js";
import { tableTokens } from "../write-expressions.js";
import type { ParsedPlain } from "./parsed-write.js";
import { columnName, gathered, statementBase } from "./parsed-write.js";

/** `SELECT NULL, (value), (value) FROM …`; without rows of its own, from no table that there is. */
export function readExecute(raw: RawExecute, expressions: WriteExpressions): ParsedPlain {
  const inputs = raw.arguments.map(({ name, value }) => ({ name: columnName(name), value: expressions.value(value) }));
  const procedure = columnName(raw.procedure);
  const [, ...rows] = expressions.beside(raw.source);
  const { source, parameters } = expressions;
  const own = { kind: "execute", ...statementBase(raw, source, parameters), procedure } as const;
  const { query, common } = expressions.gather(rows.length === 0 ? tableTokens(procedure, undefined) : rows);
  const { kind, text, offset } = own;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: query?.unparsed,
    complete: (read): ExecuteStatement => {
      const tree = query?.tree(read);
      const parts = gathered(tree);
      const given = inputs.map(({ name, value }) => ({ name, value: value(parts) }));
      return rows.length === 0
        ? { ...own, arguments: given }
        : { ...own, arguments: given, source: rowsOf(tree, rows, common(parts)) };
    },
  };
}

function rowsOf(tree: Query | undefined, rows: readonly SqlToken[], common: ExecuteSource["common"]): ExecuteSource {
  if (tree?.kind === "select") return { common, sql: printTokens(rows), block: tree };
  throw new StripeSqlError("EXEC takes the rows of one SELECT", {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    position: rows[0]?.start,
    hint: "Write several as one: FROM (SELECT … UNION ALL SELECT …) AS name.",
  });
}
