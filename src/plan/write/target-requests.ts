import type { WriteEndpoint } from "../../catalog/catalog.js";
import type { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { DeleteStatement, UpdateStatement } from "../../syntax/statement.js";
import { accountColumn } from "../access/account-rule.js";
import type { PlanEnvironment } from "../environment.js";
import { accessesOf } from "../scan/scan.js";
import { planSelect } from "../select/plan-select.js";
import type { SelectPlan } from "../select/select-plan.js";
import type { Assignment } from "./assignment.js";
import { buildRequest } from "./build-request.js";
import type { ComposedQuery } from "./compose-query.js";
import { composeSelect, fromJoin, fromTable, numberedItems } from "./compose-query.js";
import { constantValue, isTime } from "./requests-of-rows.js";
import { accountSlot } from "./slot-of-column.js";
import type { TargetInput } from "./target-input.js";
import { withoutStaleRows } from "./target-input.js";
import {
  assignedSlots,
  currentItem,
  keySlots,
  namesColumn,
  structuresOf,
  targetColumn,
  targetName,
  valueItem,
} from "./target-items.js";
import { unfilteredWrite } from "./unfiltered-write.js";
import { unreadTargets } from "./unread-targets.js";
import type { RequestTemplate, UpdatePlan } from "./write-plan.js";

/**
 * The ids of the objects that WHERE matches are read first, and what they hold of the structures that are assigned.
 * Where WHERE is nothing but the keys, and each value is known, there is nothing to read: a write to an id that is
 * not there is no match.
 */
export function targetRequests(input: TargetInput): {
  readonly requests: UpdatePlan["requests"];
  readonly notices: readonly string[];
} {
  const { statement, endpoint, assignments, environment } = input;
  if (statement.where === undefined && !environment.allowUnfilteredWrites) throw unfiltered(statement);
  const unread = unreadTargets(input);
  if (unread !== undefined) return unread;
  const usesAccount = namesAccount(input);
  const select = planSelect(targetQuery(input, usesAccount), withoutStaleRows(environment));
  const known = assignments.map((assignment) => knownValue(assignment, environment));
  const named =
    known.every((value) => value !== undefined) && statement.source === undefined ? namedObjects(select, endpoint) : [];
  const template = targetTemplate(input, usesAccount || named.length > 0);
  if (named.length === 0) {
    const isJoined = statement.source !== undefined;
    return { requests: { kind: "query", select, template, isJoined }, notices: select.notices };
  }
  const values = known.map((value) => value?.is);
  const requests = named.map((keys) => buildRequest(template, [...keys, ...values]));
  return { requests: { kind: "constant", requests }, notices: select.notices };
}

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
    slots: [...keySlots(endpoint), ...(hasAccount ? [accountSlot] : []), ...assignedSlots(assignments)],
    isOfObject: true,
    reading: environment.constants,
  };
}

/** Whether WHERE says which account the objects are in: the writes then go to the account that each was read from. */
function namesAccount({ statement, table, naming }: TargetInput): boolean {
  const { where } = statement;
  return (
    where !== undefined &&
    namesColumn(where.expression, accountColumn, { table, naming, called: targetName(statement) })
  );
}

/**
 * The matching objects' keys, their account where `usesAccount`, the values that each is given, and what it holds of
 * the structures that are assigned.
 */
function targetQuery(
  { statement, endpoint, assignments, ...target }: TargetInput,
  usesAccount: boolean,
): ComposedQuery {
  const { table, alias, source, where, common } = statement;
  const named = { ...target, called: source === undefined ? undefined : targetName(statement) };
  const account = usesAccount ? [accountColumn] : [];
  const keys = [...endpoint.keys.map(({ column }) => column), ...account];
  const written = fromTable(table, alias);
  return composeSelect({
    common,
    ...numberedItems([
      ...keys.map((name) => targetColumn(name, named)),
      ...assignments.map(valueItem),
      ...structuresOf(assignments).map((structure) => currentItem(structure, named)),
    ]),
    from: source === undefined ? written : fromJoin(written, source),
    where,
  });
}

function unfiltered({ kind, table }: UpdateStatement | DeleteStatement): StripeSqlError {
  const message = `${kind.toUpperCase()} without WHERE would touch every row of "${table.name}"`;
  return unfilteredWrite(message, { hint: "Add a WHERE", position: table.position });
}
