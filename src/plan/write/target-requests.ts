import type { WriteEndpoint } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Expression } from "../../syntax/expression.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { DeleteStatement, UpdateStatement } from "../../syntax/statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { quoteName } from "../../value/quote.js";
import { accountColumn } from "../access/account-rule.js";
import type { PlanEnvironment } from "../environment.js";
import { findRelationColumn, relationColumnName } from "../names/relation.js";
import { findAnyColumn } from "../predicate/conjunction.js";
import { accessesOf } from "../scan/scan.js";
import { planSelect } from "../select/plan-select.js";
import type { SelectPlan } from "../select/select-plan.js";
import type { Assignment } from "./assignment.js";
import { buildRequest } from "./build-request.js";
import type { ComposedQuery } from "./compose-query.js";
import { composeSelect, separated } from "./compose-query.js";
import type { AssignedStructure } from "./exact-structure.js";
import { constantValue, isTime } from "./requests-of-rows.js";
import { accountSlot } from "./slot-of-column.js";
import type { RequestTemplate, Slot, WriteRequests } from "./write-plan.js";
import type { WriteTarget } from "./write-target.js";

interface TargetInput extends WriteTarget {
  readonly statement: UpdateStatement | DeleteStatement;
  readonly assignments: readonly Assignment[];
  readonly environment: PlanEnvironment;
}

/**
 * The ids of the objects that WHERE matches are read first, and what they hold of the structures that are assigned.
 * Where WHERE is nothing but the keys, and each value is known, there is nothing to read: a write to an id that is
 * not there is no match.
 */
export function targetRequests(input: TargetInput): {
  readonly requests: WriteRequests;
  readonly notices: readonly string[];
} {
  const { statement, endpoint, assignments, environment } = input;
  if (statement.where === undefined && !environment.allowUnfilteredWrites) throw unfiltered(statement);
  const usesAccount = namesAccount(input);
  const select = planSelect(targetQuery(input, usesAccount), withoutStaleRows(environment));
  const known = assignments.map((assignment) => knownValue(assignment, environment));
  const named = known.every((value) => value !== undefined) ? namedObjects(select, endpoint) : [];
  const template = targetTemplate(input, usesAccount || named.length > 0);
  if (named.length === 0) return { requests: { kind: "query", select, template }, notices: select.notices };
  const values = known.map((value) => value?.is);
  const requests = named.map((keys) => buildRequest(template, [...keys, ...values]));
  return { requests: { kind: "constant", requests }, notices: select.notices };
}

/** What is written is chosen by rows as they are: Search may not know of a change yet. It is asked where that is demanded. */
const withoutStaleRows = (environment: PlanEnvironment): PlanEnvironment =>
  environment.search === "auto" ? { ...environment, search: "off" } : environment;

/** The value of a slot, where no object has to be read for it. */
function knownValue(assignment: Assignment, environment: PlanEnvironment): { readonly is: unknown } | undefined {
  switch (assignment.kind) {
    case "value":
      return constantValue(assignment.value.expression, environment, { takesTime: isTime(assignment.parameter) });
    case "merge":
      return { is: null };
    case "exact":
      return undefined;
  }
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

function targetTemplate({ endpoint, assignments, environment }: TargetInput, hasAccount: boolean): RequestTemplate {
  return {
    endpoint,
    slots: [
      ...endpoint.keys.map(({ placeholder, column }): Slot => ({ kind: "key", placeholder, name: column })),
      ...(hasAccount ? [accountSlot] : []),
      ...assignments.map(slotOf),
      ...structuresOf(assignments).map((structure): Slot => ({ kind: "current", structure })),
    ],
    isOfObject: true,
    reading: environment.constants,
  };
}

function slotOf(assignment: Assignment): Slot {
  switch (assignment.kind) {
    case "value":
      return { kind: "parameter", parameter: assignment.parameter };
    case "exact":
      return { kind: "parameter", parameter: assignment.structure.parameter };
    case "merge":
      return { kind: "merge", parameter: assignment.parameter, patch: assignment.patch };
  }
}

function structuresOf(assignments: readonly Assignment[]): readonly AssignedStructure[] {
  return assignments.flatMap((assignment) => (assignment.kind === "exact" ? [assignment.structure] : []));
}

/** Whether WHERE says which account the objects are in: the writes then go to the account that each was read from. */
function namesAccount({ statement, table, naming }: TargetInput): boolean {
  if (statement.where === undefined) return false;
  const target = { kind: "table", table, naming } as const;
  return columnNodes(statement.where.expression).some(
    (node) => findRelationColumn(target, node.name)?.name === accountColumn,
  );
}

/**
 * The matching objects' keys, their account where `usesAccount`, the values that each is given, and what it holds of
 * the structures that are assigned.
 */
function targetQuery(
  { statement, table, naming, endpoint, assignments }: TargetInput,
  usesAccount: boolean,
): ComposedQuery {
  const account = usesAccount ? [accountColumn] : [];
  const nameOf = (name: string): string => {
    const column = findAnyColumn(table, name);
    return column === undefined ? name : relationColumnName(column, naming);
  };
  const keys = [...endpoint.keys.map((key) => key.column), ...account].map((name) => columnItem(nameOf(name)));
  const current = structuresOf(assignments).map(({ parameter: { path } }) => {
    const column = table.columns.find(({ type, path: other }) => type === "JSON" && isSamePath(path, other));
    if (column !== undefined) return columnItem(relationColumnName(column, naming));
    return path.reduce(keyItem, columnItem(nameOf(wholeObject)));
  });
  const items = [...keys, ...assignments.map(valueItem), ...current].map(({ sql, expression }, index) => ({
    text: composeSql([sql, ` AS "${index}"`]),
    expression,
    alias: String(index),
    heading: undefined,
    isSpread: false,
  }));
  return composeSelect({
    list: composeSql(separated(items.map(({ text }) => text))),
    items,
    table: statement.table,
    alias: statement.alias,
    where: statement.where,
  });
}

const wholeObject = "_json";

interface Item {
  readonly sql: string | SqlText;
  readonly expression: Expression;
}

const columnItem = (name: string): Item => ({
  sql: quoteName(name),
  expression: { kind: "column", table: undefined, name, quoted: true, position: undefined },
});

const keyItem = ({ sql, expression }: Item, key: string): Item => ({
  sql: composeSql([sql, `->'${key}'`]),
  expression: {
    kind: "json-access",
    operand: expression,
    key: { kind: "literal", value: { type: "string", value: key } },
    asText: false,
  },
});

/** A patch that is known is not computed: it may be of a column that rows have in parts alone. */
function valueItem(assignment: Assignment): Item {
  const { value } = assignment;
  if (assignment.kind !== "merge") return { sql: composeSql(["(", value.sql, ")"]), expression: value.expression };
  return {
    sql: `(${mentioned(value.sql)}NULL)`,
    expression: { kind: "literal", value: { type: "null" } },
  };
}

/** DuckDB binds no `$2` in a text without `$1`. */
function mentioned({ sql }: SqlText): string {
  return [...new Set(sql.match(/\$\d+/g) ?? [])].map((parameter) => `(${parameter} IS NULL) AND `).join("");
}

const isSamePath = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, index) => key === other[index]);

function unfiltered(statement: UpdateStatement | DeleteStatement): StripeSqlError {
  const verb = statement.kind.toUpperCase();
  return new StripeSqlError(`${verb} without WHERE would touch every row of "${statement.table.name}"`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: "Add a WHERE, or connect with AllowUnfilteredWrites=true.",
    position: statement.table.position,
  });
}
