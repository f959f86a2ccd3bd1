import type { Expression, FromItem, Query } from "../syntax/expression.js";
import type { MergeStatement, Statement } from "../syntax/statement.js";
import { operandsOf } from "../syntax/walk-expression.js";
import type { SqlType } from "../value/sql-type.js";
import type { Plan } from "./plan.js";
import type { Relation, SelectPlan } from "./select/select-plan.js";
import type { MergePlan, Slot } from "./write/write-plan.js";

/**
 * Types of a statement's parameters by their place, from 1 on: of those that it compares with a column
 * (`Created >= $1`), the column's; of those that it gives to a call as they are (`SET Name = $1`), the call's own.
 */
export function parameterTypes(statement: Statement, plan: Plan): ReadonlyMap<number, SqlType> {
  const { select, slots } = partsOf(plan);
  const compared = conditionsOf(statement).flatMap((expression) => comparedTypes(expression, select?.relations ?? []));
  const given =
    plan.kind === "merge" && statement.kind === "merge"
      ? clauseTypes(statement, plan)
      : givenRows(statement).flatMap((row) => givenTypes(row, slots));
  return new Map([...compared, ...given]);
}

type TypedParameter = readonly [place: number, type: SqlType];

function partsOf(plan: Plan): { readonly select: SelectPlan | undefined; readonly slots: readonly Slot[] } {
  if (plan.kind === "select") return { select: plan, slots: [] };
  const { requests } = plan;
  if (requests.kind === "constant") return { select: undefined, slots: [] };
  return { select: requests.select, slots: requests.kind === "merge" ? [] : requests.template.slots };
}

/** The expressions in which a statement's conditions are. */
function conditionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "select":
      return expressionsOf(statement.query);
    case "create-table":
      return expressionsOf(statement.select.query);
    case "insert":
      return statement.source.kind === "query" ? expressionsOf(statement.source.select.query) : [];
    case "update":
    case "delete":
      return [
        ...(statement.where === undefined ? [] : [statement.where.expression]),
        ...expressionsOfFrom(statement.source?.item),
      ];
    case "merge":
      return [
        statement.condition.expression,
        ...statement.clauses.flatMap(({ condition }) => (condition === undefined ? [] : [condition.expression])),
        ...expressionsOfFrom(statement.source.item),
      ];
    case "execute":
      return statement.source === undefined ? [] : expressionsOf({ ...statement.source.block, items: [] });
    case "copy":
    case "show-write":
    case "resume":
    case "forget":
    case "explain":
    case "show":
    case "describe":
    case "set":
    case "show-setting":
    case "reset":
    case "begin":
    case "commit":
    case "rollback":
    case "forget-rows":
    case "create-view":
    case "drop-view":
    case "drop-table":
    case "refresh":
      return [];
  }
}

function expressionsOf(query: Query): readonly Expression[] {
  const common = query.ctes.flatMap((table) => expressionsOf(table.query));
  if (query.kind === "set-operation") return [...common, ...expressionsOf(query.left), ...expressionsOf(query.right)];
  const { items, from, where, having, qualify } = query;
  const conditions = [where, having, qualify].filter((condition) => condition !== undefined);
  return [...common, ...items.map(({ expression }) => expression), ...expressionsOfFrom(from), ...conditions];
}

function expressionsOfFrom(from: FromItem | undefined): readonly Expression[] {
  if (from?.kind === "derived") return expressionsOf(from.query);
  if (from?.kind !== "join") return [];
  const on = from.on === undefined ? [] : [from.on];
  return [...expressionsOfFrom(from.left), ...expressionsOfFrom(from.right), ...on];
}

function comparedTypes(expression: Expression, relations: readonly Relation[]): readonly TypedParameter[] {
  const operands = operandsOf(expression);
  const beneath = operands.flatMap((operand) => comparedTypes(operand, relations));
  if (!comparing.has(expression.kind)) return beneath;
  const types = new Set(operands.flatMap((operand) => columnTypes(operand, relations)));
  const [type] = types;
  return types.size === 1 && type !== undefined ? [...beneath, ...typed(operands, () => type)] : beneath;
}

const comparing: ReadonlySet<Expression["kind"]> = new Set(["comparison", "in", "between", "like"]);

/** The types of the columns that a name may be; undefined for those that the engine tells, a temp table's. */
function columnTypes(expression: Expression, relations: readonly Relation[]): readonly (SqlType | undefined)[] {
  if (expression.kind !== "column") return [];
  const name = expression.name.toLowerCase();
  return relations
    .flatMap((relation) => columnTypesOf(relation).filter((column) => column.name.toLowerCase() === name))
    .map(({ type }) => type);
}

interface TypedColumn {
  readonly name: string;
  readonly type: SqlType | undefined;
}

function columnTypesOf(relation: Relation): readonly TypedColumn[] {
  switch (relation.kind) {
    case "scan":
      return relation.columns.map(({ name, column }) => ({ name, type: column.type }));
    case "system":
      return relation.table.columns;
    case "temp":
      return relation.table.columns.map(({ name }) => ({ name, type: undefined }));
  }
}

/** The rows of values that a write gives to its calls. */
function givenRows(statement: Statement): readonly (readonly Expression[])[] {
  if (statement.kind === "update") return [statement.assignments.map(({ value }) => value.expression)];
  if (statement.kind === "execute") return [statement.arguments.map(({ value }) => value.expression)];
  if (statement.kind !== "insert") return [];
  const { source } = statement;
  if (source.kind === "values") return source.rows.map((row) => row.map(({ expression }) => expression));
  if (source.kind !== "query" || source.select.query.kind !== "select") return [];
  return [source.select.query.items.map(({ expression }) => expression)];
}

/** Types of what the clauses of a MERGE give. */
function clauseTypes({ clauses }: MergeStatement, { requests }: MergePlan): readonly TypedParameter[] {
  return clauses.flatMap(({ action }, index) => {
    const planned = requests.clauses[index];
    if (planned === undefined || planned.kind === "nothing") return [];
    const { slots } = planned.template;
    if (action.kind === "update")
      return givenTypes(
        action.assignments.map(({ value }) => value.expression),
        slots,
      );
    if (action.kind !== "insert") return [];
    return givenTypes(
      action.values.map(({ expression }) => expression),
      slots,
    );
  });
}

/** The keys of an UPDATE's objects come before the values that it assigns, and what they hold behind them. */
function givenTypes(row: readonly Expression[], given: readonly Slot[]): readonly TypedParameter[] {
  const slots = given.filter(({ kind }) => kind !== "current");
  const own = slots.slice(slots.length - row.length);
  return typed(row, (index) => {
    const slot = own[index];
    return slot?.kind === "parameter" ? slot.parameter.type : "VARCHAR";
  });
}

function typed(expressions: readonly Expression[], typeAt: (index: number) => SqlType): readonly TypedParameter[] {
  return expressions.flatMap((expression, index) =>
    expression.kind === "parameter" ? [[expression.index + 1, typeAt(index)] as const] : [],
  );
}
