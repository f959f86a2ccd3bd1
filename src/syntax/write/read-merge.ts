import type { SqlToken } from "../normalise.js";
import { printTokens } from "../normalise.js";
import type { MergeAction, MergeClause, MergeStatement, WriteSource } from "../statement.js";
import type { RawMerge, RawMergeClause } from "../statement-tree.js";
import { syntaxError } from "../syntax-error.js";
import type { GatheredTree, Pending, WriteExpressions } from "../write-expressions.js";
import { inParentheses, nothing, tableTokens, words } from "../write-expressions.js";
import type { ParsedPlain } from "./parsed-write.js";
import { columnName, parsedWrite, statementBase, writtenTable } from "./parsed-write.js";
import { readAssignments } from "./read-assignments.js";

/** `source LEFT JOIN table AS alias ON (condition)`: each row with the object that it matches, if there is one. */
export function joinedWith(
  { table, alias }: Pick<MergeStatement, "table" | "alias">,
  source: readonly SqlToken[],
  condition: readonly SqlToken[],
): readonly SqlToken[] {
  return [...source, ...words("LEFT JOIN"), ...tableTokens(table, alias), ...words("ON"), ...inParentheses(condition)];
}

/** `SELECT NULL, (value), returning FROM source LEFT JOIN table AS alias ON (condition)` */
export function readMerge(raw: RawMerge, expressions: WriteExpressions): ParsedPlain {
  expressions.common(raw.common);
  const { table, alias } = writtenTable(raw);
  const source = expressions.beside(raw.source);
  const condition = expressions.tokens(raw.condition);
  const clauses = raw.clauses.map((clause) => readClause(clause, expressions));
  const returning = expressions.returning(raw.returning);
  const { source: text, parameters } = expressions;
  const own = { kind: "merge", ...statementBase(raw, text, parameters), table, alias } as const;
  const { query, common } = expressions.gather(joinedWith({ table, alias }, source, condition));
  const position = raw.source[0]?.start ?? raw.start;
  return parsedWrite(
    own,
    { query },
    (tree): MergeStatement => ({
      ...own,
      common: common(tree),
      source: { sql: printTokens(source), item: sourceItem(tree, position) },
      condition: {
        sql: printTokens(condition),
        position: raw.condition[0]?.start ?? raw.start,
        expression: (tree.from?.kind === "join" ? tree.from.on : undefined) ?? nothing,
      },
      clauses: clauses.map((clause) => clause(tree)),
      returning: returning(tree),
    }),
  );
}

/** Behind a comma stands another table, which the join is of. */
export function sourceItem({ from }: GatheredTree, position: number): WriteSource["item"] {
  if (from?.kind === "join" && from.join === "left" && from.left.kind !== "join") return from.left;
  throw syntaxError("USING takes one table", { position, hint: "Write several as a query: USING (SELECT …) AS name." });
}

function readClause(raw: RawMergeClause, expressions: WriteExpressions): Pending<MergeClause> {
  const condition = raw.condition === null ? undefined : expressions.value(raw.condition);
  const action = readAction(raw, expressions);
  const { matching, start: position } = raw;
  return (tree) => ({ matching, position, condition: condition?.(tree), action: action(tree) });
}

function readAction({ matching, action, start }: RawMergeClause, expressions: WriteExpressions): Pending<MergeAction> {
  const isInsert = action.kind === "insert";
  if (action.kind !== "nothing" && isInsert !== (matching === "not matched"))
    throw syntaxError(`WHEN ${matching.toUpperCase()} cannot ${action.kind.toUpperCase()}`, {
      position: start,
      hint: isInsert
        ? "INSERT is for rows of the source that match none: WHEN NOT MATCHED THEN INSERT."
        : "UPDATE and DELETE are for objects that are there: WHEN MATCHED, WHEN NOT MATCHED BY SOURCE.",
    });
  switch (action.kind) {
    case "nothing":
    case "delete": {
      const { kind } = action;
      return () => ({ kind });
    }
    case "update": {
      const assignments = readAssignments(action.assignments, expressions);
      return (tree) => ({ kind: "update", assignments: assignments(tree) });
    }
    case "insert": {
      const columns = action.columns.map(columnName);
      const values = action.values.map((value) => expressions.value(value));
      return (tree) => ({ kind: "insert", columns, values: values.map((value) => value(tree)) });
    }
  }
}
