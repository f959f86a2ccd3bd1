import type { Parameter, WriteEndpoint } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { DeleteStatement, SqlExpression, UpdateStatement } from "../../syntax/statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { quoteName } from "../../value/quote.js";
import { accountColumn } from "../access/account-rule.js";
import { accessesOf } from "../access/scan.js";
import type { PlanEnvironment } from "../environment.js";
import { findRelationColumn, relationColumnName } from "../names/relation.js";
import { findAnyColumn } from "../predicate/conjunction.js";
import { planSelect } from "../select/plan-select.js";
import type { SelectPlan } from "../select/select-plan.js";
import { buildRequest } from "./build-request.js";
import type { ComposedQuery } from "./compose-query.js";
import { composeSelect, separated } from "./compose-query.js";
import { requestValue } from "./request-value.js";
import { constantValue } from "./requests-of-rows.js";
import { accountSlot } from "./slot-of-column.js";
import type { RequestTemplate, Slot, WriteRequests } from "./write-plan.js";
import type { WriteTarget } from "./write-target.js";

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
export function targetRequests(input: TargetInput): {
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
