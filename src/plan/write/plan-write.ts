import type { Naming, Parameter, Table, WriteEndpoint } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { composeSql } from "../../syntax/sql-text.js";
import type {
  ColumnName,
  DeleteStatement,
  InsertStatement,
  Returning,
  SelectStatement,
  SqlExpression,
  TableName,
  UpdateStatement,
} from "../../syntax/statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { quoteName } from "../../value/quote.js";
import { accountColumn } from "../access/account-rule.js";
import { accessesOf } from "../access/scan.js";
import type { PlanEnvironment } from "../environment.js";
import { findRelation, findRelationColumn, relationColumnName } from "../names/relation.js";
import { findAnyColumn } from "../predicate/conjunction.js";
import { foldConstant } from "../predicate/constant.js";
import type { Scalar } from "../predicate/scalar.js";
import { planSelect } from "../select/plan-select.js";
import type { SelectPlan } from "../select/select-plan.js";
import { buildRequest } from "./build-request.js";
import type { ComposedQuery } from "./compose-query.js";
import { composeSelect, composeValues, separated } from "./compose-query.js";
import { rejectRepeated } from "./reject-repeated.js";
import { requestValue } from "./request-value.js";
import type { DeletePlan, InsertPlan, RequestTemplate, Slot, UpdatePlan, WriteRequests } from "./write-plan.js";

export function planInsert(statement: InsertStatement, environment: PlanEnvironment): InsertPlan {
  const { table, naming, endpoint } = writeTarget(statement.table, "create", environment);
  const slots = statement.columns.map((column) => slotOf(column, { table, naming, endpoint, verb: "inserted into" }));
  rejectRepeated(statement.columns, slots);
  rejectMissing(table, endpoint, slots);
  const requests = insertRequests({ endpoint, slots, isOfObject: false }, statement, environment);
  return {
    kind: "insert",
    table,
    endpoint,
    requests,
    returning: planReturning({ ...statement, alias: undefined }, environment),
    notices: requests.kind === "query" ? requests.select.notices : [],
  };
}

function insertRequests(
  template: RequestTemplate,
  statement: InsertStatement,
  environment: PlanEnvironment,
): WriteRequests {
  const { source } = statement;
  if (source.kind === "default-values") return { kind: "constant", requests: [buildRequest(template, [])] };
  if (source.kind === "query") {
    rejectOtherWidth(source.select, statement.columns.length);
    return { kind: "query", select: planSelect(source.select, environment), template };
  }
  for (const row of source.rows) {
    if (row.length !== statement.columns.length) throw wrongCount(row, statement.columns.length);
  }
  return requestsOfRows(template, source.rows, environment);
}

/** A star's width is known only to the local engine, which is asked when the query runs. */
function rejectOtherWidth({ query, offset }: SelectStatement, columns: number): void {
  if (query?.kind !== "select" || query.items.some(({ expression }) => expression.kind === "star")) return;
  if (query.items.length !== columns) throw wrongWidth(columns, query.items.length, offset);
}

/** An INSERT that names more or fewer columns than its query gives. */
export function wrongWidth(columns: number, given: number, position?: number): StripeSqlError {
  return new StripeSqlError(`INSERT names ${counted(columns, "column")} but its query gives ${given}`, {
    sqlState: SqlState.syntaxError,
    phase: "plan",
    position,
  });
}

function wrongCount(row: readonly SqlExpression[], columns: number): StripeSqlError {
  return new StripeSqlError(`INSERT names ${counted(columns, "column")} but gives ${counted(row.length, "value")}`, {
    sqlState: SqlState.syntaxError,
    phase: "plan",
    position: row[0]?.position,
  });
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Folds constants here; what only DuckDB can compute becomes VALUES on it. */
export function requestsOfRows(
  template: RequestTemplate,
  rows: readonly (readonly SqlExpression[])[],
  environment: PlanEnvironment,
): WriteRequests {
  const folded = rows.map((row) => row.map(({ expression }) => constantValue(expression, environment)));
  if (folded.every((row) => row.every((value) => value !== undefined))) {
    const requests = folded.map((row) =>
      buildRequest(
        template,
        row.map((value) => value?.is),
      ),
    );
    return { kind: "constant", requests };
  }
  return { kind: "query", select: planSelect(composeValues(rows), environment), template };
}

function constantValue(
  expression: SqlExpression["expression"],
  environment: PlanEnvironment,
): { readonly is: unknown } | undefined {
  // A structured parameter (an object for Metadata) is no scalar, but it is at hand all the same.
  if (expression.kind === "parameter") {
    const value = environment.constants.parameters[expression.index];
    return value === undefined ? undefined : { is: value };
  }
  const scalar = foldConstant(expression, environment.constants);
  return scalar === undefined ? undefined : { is: scalarValue(scalar) };
}

function scalarValue(scalar: Scalar): unknown {
  switch (scalar.type) {
    case "null":
      return null;
    case "timestamp":
      return new Date(Math.floor(scalar.seconds) * 1000);
    case "number":
      // The text keeps what a double would round.
      return Number.isSafeInteger(scalar.value) || !/^[+-]?\d+$/.test(scalar.text) ? scalar.value : scalar.text;
    case "string":
    case "boolean":
      return scalar.value;
  }
}

export function planUpdate(statement: UpdateStatement, environment: PlanEnvironment): UpdatePlan {
  const { table, naming, endpoint } = writeTarget(statement.table, "update", environment);
  const assigned = statement.assignments.map(({ column }) =>
    assignedParameter(column, { table, naming, endpoint, verb: "updated in" }),
  );
  rejectRepeated(
    statement.assignments.map(({ column }) => column),
    assigned.map((parameter) => ({ kind: "parameter", parameter })),
  );
  const values = statement.assignments.map(({ value }) => value);
  return {
    kind: "update",
    table,
    endpoint,
    ...targetRequests({ statement, table, naming, endpoint, assigned, values, environment }),
    returning: planReturning(statement, environment),
  };
}

export function planDelete(statement: DeleteStatement, environment: PlanEnvironment): DeletePlan {
  const { table, naming, endpoint } = writeTarget(statement.table, "delete", environment);
  return {
    kind: "delete",
    table,
    endpoint,
    ...targetRequests({ statement, table, naming, endpoint, assigned: [], values: [], environment }),
    returning: planReturning(statement, environment),
  };
}

interface WriteTarget {
  readonly table: Table;
  readonly naming: Naming;
  readonly endpoint: WriteEndpoint;
}

const verbs = { create: "INSERT into", update: "UPDATE", delete: "DELETE from" } as const;

function writeTarget(
  name: TableName,
  operation: "create" | "update" | "delete",
  environment: PlanEnvironment,
): WriteTarget {
  rejectReadOnly(environment);
  const target = findRelation(name, environment);
  const endpoint = target.kind === "table" ? target.table[operation] : undefined;
  if (target.kind === "table" && endpoint !== undefined) return { ...target, endpoint };
  const hint = target.kind === "table" ? proceduresHint(target.table, environment) : "SHOW TABLES lists the tables.";
  throw new StripeSqlError(`cannot ${verbs[operation]} "${name.name}"`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: target.kind === "table" ? `Stripe has no call that does it.` : "It is a table of metadata.",
    position: name.position,
    hint,
  });
}

const namedProcedures = 6;

function proceduresHint(table: Table, { catalog }: PlanEnvironment): string | undefined {
  const names = catalog
    .procedures()
    .filter(({ writes, result }) => writes && result.kind === "table" && isSameTable(result, table))
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  const more = names.length > namedProcedures ? ", …: SHOW PROCEDURES lists them all" : "";
  return `These procedures change its objects: ${names.slice(0, namedProcedures).join(", ")}${more}.`;
}

function isSameTable(result: { readonly table: string; readonly schema: string }, table: Table): boolean {
  return result.table === table.name && result.schema === table.schema;
}

export function rejectReadOnly(environment: PlanEnvironment): void {
  if (!environment.readOnly) return;
  throw new StripeSqlError("cannot write on a read-only connection", {
    sqlState: SqlState.readOnly,
    phase: "plan",
    hint: "Connect without ReadOnly to write.",
  });
}

const accountSlot: Slot = { kind: "account" };

interface SlotContext extends WriteTarget {
  readonly verb: string;
}

function slotOf(column: ColumnName, context: SlotContext): Slot {
  if (column.name.toLowerCase() === accountColumn.toLowerCase()) return accountSlot;
  const key = keyOf(column, context);
  return key === undefined ? { kind: "parameter", parameter: assignedParameter(column, context) } : key;
}

function keyOf(column: ColumnName, { table, naming, endpoint }: SlotContext): Slot | undefined {
  const named = findRelationColumn({ kind: "table", table, naming }, column.name);
  const key = endpoint.keys.find((candidate) => candidate.column === named?.name);
  return key === undefined ? undefined : { kind: "key", placeholder: key.placeholder, name: key.column };
}

/** Parameters go by their name in SQL's spelling, or in Stripe's where the table is spelled that way. */
function assignedParameter(column: ColumnName, { table, naming, endpoint, verb }: SlotContext): Parameter {
  const wanted = column.name.toLowerCase();
  const nameOf = (parameter: Parameter): string => (naming === "sql" ? parameter.name : parameter.path.join("_"));
  const found = endpoint.parameters.find((parameter) => nameOf(parameter).toLowerCase() === wanted);
  if (found !== undefined) return found;
  const accepted = endpoint.parameters.filter((parameter) => parameter.path.length === 1).map(nameOf);
  const exists = findRelationColumn({ kind: "table", table, naming }, column.name) !== undefined;
  throw new StripeSqlError(
    exists
      ? `column "${column.name}" cannot be ${verb} "${table.name}"`
      : `column "${column.name}" of "${table.name}" does not exist`,
    {
      sqlState: exists ? SqlState.featureNotSupported : SqlState.undefinedColumn,
      phase: "plan",
      detail: `Stripe accepts ${accepted.join(", ")}.`,
      hint: didYouMean(column.name, endpoint.parameters.map(nameOf)),
      position: column.position,
    },
  );
}

function rejectMissing(table: Table, endpoint: WriteEndpoint, slots: readonly Slot[]): void {
  const given = new Set(
    slots.flatMap((slot) =>
      slot.kind === "parameter" ? [slot.parameter.path[0]] : slot.kind === "key" ? [slot.placeholder] : [],
    ),
  );
  const missing = [
    ...endpoint.keys.filter((key) => !given.has(key.placeholder)).map((key) => key.column),
    ...endpoint.parameters
      .filter((parameter) => parameter.required && parameter.path.length === 1 && !given.has(parameter.path[0]))
      .map(({ name }) => name),
  ];
  if (missing.length === 0) return;
  throw new StripeSqlError(`INSERT into "${table.name}" lacks ${missing.map((name) => `"${name}"`).join(", ")}`, {
    sqlState: SqlState.notNullViolation,
    phase: "plan",
    hint: `Stripe requires ${missing.length === 1 ? "it" : "them"}; DESCRIBE ${table.name} lists the columns.`,
  });
}

interface TargetInput extends WriteTarget {
  readonly statement: UpdateStatement | DeleteStatement;
  readonly assigned: readonly Parameter[];
  readonly values: readonly SqlExpression[];
  readonly environment: PlanEnvironment;
}

/**
 * The ids of the objects that WHERE matches are read first. Where WHERE is nothing but the keys, and each
 * value a constant, there is nothing to read: a write to an id that is not there is no match.
 */
function targetRequests(input: TargetInput): {
  readonly requests: WriteRequests;
  readonly notices: readonly string[];
} {
  const { statement, endpoint, environment } = input;
  if (statement.where === undefined && !environment.allowUnfilteredWrites) throw unfiltered(statement);
  const usesAccount = namesAccount(input);
  const select = planSelect(targetQuery(input, usesAccount), environment);
  const constants = input.values.map(({ expression }) => constantValue(expression, environment));
  // A constant that Stripe would not take is refused before the objects are read.
  for (const [index, parameter] of input.assigned.entries()) requestValue(parameter, constants[index]?.is);
  const named = constants.every((value) => value !== undefined) ? namedObjects(select, endpoint) : [];
  const template = targetTemplate(input, usesAccount || named.length > 0);
  if (named.length === 0) return { requests: { kind: "query", select, template }, notices: select.notices };
  const values = constants.map((value) => value?.is);
  const requests = named.map((keys) => buildRequest(template, [...keys, ...values]));
  return { requests: { kind: "constant", requests }, notices: select.notices };
}

/** Keys and account of the objects that WHERE names, where it does nothing else. */
function namedObjects({ relations: [relation] }: SelectPlan, { keys }: WriteEndpoint): readonly (readonly unknown[])[] {
  const accesses = relation?.kind === "scan" && relation.scan.kind === "exact" ? accessesOf(relation.scan) : [];
  const isNamed = accesses.every(({ kind, bindings }) => kind === "retrieve" && bindings.length === 0);
  if (keys.length === 0 || !isNamed) return [];
  return accesses.map(({ constants, accountId }) => [
    ...keys.map(({ column }) => constants[column]),
    accountId ?? constants[accountColumn],
  ]);
}

function targetTemplate({ endpoint, assigned }: TargetInput, hasAccount: boolean): RequestTemplate {
  return {
    endpoint,
    slots: [
      ...endpoint.keys.map(({ placeholder, column }): Slot => ({ kind: "key", placeholder, name: column })),
      ...(hasAccount ? [accountSlot] : []),
      ...assigned.map((parameter): Slot => ({ kind: "parameter", parameter })),
    ],
    isOfObject: true,
  };
}

/** Whether WHERE says which account the objects are in: the writes then go to the account that each was read from. */
function namesAccount({ statement, table, naming }: TargetInput): boolean {
  if (statement.where === undefined) return false;
  const target = { kind: "table", table, naming } as const;
  return columnNodes(statement.where.expression).some(
    (node) => findRelationColumn(target, node.name)?.name === accountColumn,
  );
}

/** The matching objects' keys, their account where `usesAccount`, and the values that each is given. */
function targetQuery({ statement, table, naming, endpoint, values }: TargetInput, usesAccount: boolean): ComposedQuery {
  const account = usesAccount ? [accountColumn] : [];
  const names = [...endpoint.keys.map((key) => key.column), ...account].map((name) => {
    const column = findAnyColumn(table, name);
    return column === undefined ? name : relationColumnName(column, naming);
  });
  const keys = names.map((name) => ({
    sql: quoteName(name),
    expression: { kind: "column", table: undefined, name, quoted: true, position: undefined } as const,
  }));
  const assigned = values.map(({ sql, expression }) => ({ sql: composeSql(["(", sql, ")"]), expression }));
  const items = [...keys, ...assigned].map(({ sql, expression }, index) => ({
    text: composeSql([sql, ` AS "${index}"`]),
    expression,
    alias: String(index),
  }));
  return composeSelect({
    list: composeSql(separated(items.map(({ text }) => text))),
    items,
    table: statement.table,
    alias: statement.alias,
    where: statement.where,
  });
}

function unfiltered(statement: UpdateStatement | DeleteStatement): StripeSqlError {
  const verb = statement.kind.toUpperCase();
  return new StripeSqlError(`${verb} without WHERE would touch every row of "${statement.table.name}"`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: "Add a WHERE, or connect with AllowUnfilteredWrites=true.",
    position: statement.table.position,
  });
}

/** RETURNING runs as a SELECT over the objects as Stripe gave them back; its relation is filled by the write. */
function planReturning(
  statement: {
    readonly table: TableName;
    readonly alias: string | undefined;
    readonly returning: Returning | undefined;
  },
  environment: PlanEnvironment,
): SelectPlan | undefined {
  const { table, alias, returning } = statement;
  if (returning === undefined) return undefined;
  const { sql, query } = composeSelect({ items: returning.items, list: returning.sql, table, alias, where: undefined });
  const mentioned = parametersMentioned(returning.sql, environment);
  return planSelect({ sql: composeSql([sql, mentioned]), query }, { ...environment, directWay: true });
}

/**
 * DuckDB binds no `$2` in a text without `$1`, and the earlier parameters stand in the statement's other
 * parts: so all are mentioned, in conditions that are always true.
 */
function parametersMentioned({ sql }: SqlText, { constants }: PlanEnvironment): string {
  if (!/\$\d/.test(sql)) return "";
  return ` WHERE ${constants.parameters.map((_, index) => `($${index + 1} IS NULL) IS NOT NULL`).join(" AND ")}`;
}
