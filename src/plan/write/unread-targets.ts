import { emptyBlock } from "../../syntax/empty-block.js";
import type { Expression, FromItem } from "../../syntax/expression.js";
import type { WriteSource } from "../../syntax/statement.js";
import { columnNodes, operandsOf } from "../../syntax/walk-expression.js";
import { expressionsOf } from "../../syntax/walk-query.js";
import { planSelect } from "../select/plan-select.js";
import type { Assignment } from "./assignment.js";
import { composeSelect, numberedItems } from "./compose-query.js";
import type { TargetInput } from "./target-input.js";
import { withoutStaleRows } from "./target-input.js";
import { assignedSlots, columnItem, keySlots, namesColumn, targetName, valueItem } from "./target-items.js";
import type { QueryRequests } from "./write-plan.js";

/**
 * `UPDATE t SET c = f.x FROM f WHERE t.Id = f.id` -> one request for each row of `SELECT f.id, f.x FROM f WHERE f.id IS NOT
 * NULL`: WHERE compares the key alone and no value is of the object, so that nothing of it has to be read, and an id that
 * is not there is no match. Undefined where more is asked of the objects.
 */
export function unreadTargets(
  input: TargetInput,
): { readonly requests: QueryRequests; readonly notices: readonly string[] } | undefined {
  const { statement, endpoint, assignments, environment } = input;
  const { source, where, common } = statement;
  if (source === undefined || where === undefined || namesTarget(source, targetName(statement))) return undefined;
  const key = keyOfSource(where.expression, input);
  if (key === undefined || !assignments.every((assignment) => isOfSource(assignment, statement))) return undefined;
  const item = columnItem(key.name, key.table);
  const query = composeSelect({
    common,
    ...numberedItems([item, ...assignments.map(valueItem)]),
    from: source,
    where: {
      sql: { sql: `${String(item.sql)} IS NOT NULL`, places: [] },
      expression: { kind: "is-null", operand: item.expression, negated: true },
    },
  });
  const select = planSelect(query, withoutStaleRows(environment));
  const slots = [...keySlots(endpoint), ...assignedSlots(assignments)];
  const template = { endpoint, slots, isOfObject: true, reading: environment.constants };
  return {
    requests: { kind: "query", select, template, isJoined: true, isUnseen: true },
    notices: select.notices,
  };
}

type QualifiedColumn = Extract<Expression, { kind: "column" }> & { readonly table: string };

/** The source's column that WHERE compares the object's key with, where it does nothing else. */
function keyOfSource(
  where: Expression,
  { statement, endpoint: { keys }, table, naming }: TargetInput,
): QualifiedColumn | undefined {
  const [key, another] = keys;
  if (where.kind !== "comparison" || where.operator !== "=" || key === undefined || another !== undefined)
    return undefined;
  const called = targetName(statement);
  const isKey = (side: Expression): boolean =>
    side.kind === "column" && side.table !== undefined && namesColumn(side, key.column, { table, naming, called });
  const other = isKey(where.left) ? where.right : isKey(where.right) ? where.left : undefined;
  return other?.kind === "column" && isOther(other, called) ? other : undefined;
}

const isOther = (column: Extract<Expression, { kind: "column" }>, called: string): column is QualifiedColumn =>
  column.table !== undefined && column.table.toLowerCase() !== called.toLowerCase();

/** Whether a value is of the source's columns alone, as far as its text tells. */
function isOfSource(assignment: Assignment, statement: TargetInput["statement"]): boolean {
  if (assignment.kind !== "value") return assignment.kind === "merge";
  const { expression } = assignment.value;
  const called = targetName(statement);
  return !holdsQuery(expression) && columnNodes(expression).every((column) => isOther(column, called));
}

function holdsQuery(expression: Expression): boolean {
  const isQuery = ["subquery", "exists", "in-query", "star"].includes(expression.kind);
  return isQuery || operandsOf(expression).some(holdsQuery);
}

/** Whether a query or a function of the source names columns of the table beside it, as LATERAL does. */
function namesTarget({ item }: WriteSource, called: string): boolean {
  const columns = expressionsOf({ ...emptyBlock, from: item }).flatMap(columnNodes);
  return columns.some(({ table }) => table?.toLowerCase() === called.toLowerCase()) || isWithoutTable(item);
}

/** `LATERAL (SELECT x)`: its columns are those of the tables before it. */
function isWithoutTable(item: FromItem): boolean {
  if (item.kind === "join") return isWithoutTable(item.left) || isWithoutTable(item.right);
  if (item.kind !== "derived" || item.query.kind !== "select" || item.query.from !== undefined) return false;
  return expressionsOf(item.query).some(({ kind }) => kind === "column");
}
