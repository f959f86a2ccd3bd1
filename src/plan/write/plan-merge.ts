import type { Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Expression } from "../../syntax/expression.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { Assigned, ConflictKeys, MergeClause, MergeStatement, SqlExpression } from "../../syntax/statement.js";
import { accountColumn } from "../access/account-rule.js";
import type { PlanEnvironment } from "../environment.js";
import { findRelation } from "../names/relation.js";
import { planSelect } from "../select/plan-select.js";
import type { Assignment } from "./assignment.js";
import { readAssignments } from "./assignment.js";
import type { ComposedItem } from "./compose-query.js";
import { composeSelect, numberedItems } from "./compose-query.js";
import { isMarked, joinedSource, sourceMark } from "./merge-source.js";
import { insertSlots, wrongWidth } from "./plan-insert.js";
import { planReturning } from "./plan-returning.js";
import { rejectForeignColumns, requireRowWidth } from "./reject-in-merge.js";
import { withoutStaleRows } from "./target-input.js";
import type { NamedTarget } from "./target-items.js";
import {
  assignedSlots,
  columnItem,
  currentItem,
  keySlots,
  namesColumn,
  structuresOf,
  targetColumn,
  targetName,
  valueItem,
} from "./target-items.js";
import { unfilteredWrite } from "./unfiltered-write.js";
import type { ConflictColumns, MergePlan, PlannedClause, RequestTemplate, Slot } from "./write-plan.js";
import { writeTarget } from "./write-target.js";

/**
 * One SELECT finds all that a MERGE writes: its source's rows beside the objects that they match, each with the number of
 * the first clause that it fits, and the values that the clause gives. So the requests of several kinds are of one
 * statement, checked before the first is sent.
 */
export function planMerge(statement: MergeStatement, environment: PlanEnvironment): MergePlan {
  const target = mergeTarget(statement, environment);
  rejectForeignColumns(statement, target);
  requireRowWidth(statement);
  const clauses = statement.clauses.map((clause) => planClause(clause, { statement, target, environment }));
  const keys = keyNames(target, clauses);
  const conflict = conflictItems(statement);
  const common = [numberItem(statement, target), ...conflict, ...keys.map((name) => targetColumn(name, target))];
  const select = planSelect(
    composeSelect({
      common: statement.common,
      ...numberedItems([...common, ...clauses.flatMap(({ items }) => items)]),
      from: joinedSource(statement),
      where: undefined,
      order: statement.conflict?.place,
    }),
    withoutStaleRows(environment),
  );
  return {
    kind: "merge",
    command: statement.conflict === undefined ? "MERGE" : "INSERT",
    table: target.table,
    requests: {
      kind: "merge",
      select,
      conflict: statement.conflict && conflictColumns(statement.conflict),
      keys: { first: 1 + conflict.length, names: keys },
      clauses: numbered(clauses, common.length),
    },
    returning: planReturning(statement, environment),
    notices: [...select.notices, ...raceNotices(statement, target)],
  };
}

function mergeTarget(statement: MergeStatement, environment: PlanEnvironment): NamedTarget {
  const found = findRelation(statement.table, environment);
  // What cannot be written is refused as any write of it is.
  if (found.kind !== "table") return { ...writeTarget(statement.table, "create", environment), called: undefined };
  const { table, naming } = found;
  if (table.primaryKey !== undefined && table.identity.length > 0)
    return { table, naming, called: targetName(statement) };
  throw new StripeSqlError(`rows of "${table.name}" cannot be matched`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: "They have no key that tells them apart.",
    position: statement.table.position,
  });
}

/** Columns that name an object, and those that its calls are made of. */
function keyNames({ table }: NamedTarget, clauses: readonly ClauseParts[]): readonly string[] {
  const ofCalls = clauses.flatMap(({ template }) =>
    (template?.slots ?? []).flatMap((slot) =>
      slot.kind === "key" && template?.isOfObject === true ? [slot.name] : [],
    ),
  );
  return [...new Set([...table.identity, ...ofCalls])];
}

interface ClauseContext {
  readonly statement: MergeStatement;
  readonly target: NamedTarget;
  readonly environment: PlanEnvironment;
}

/** A clause and the columns that its values are. */
interface ClauseParts {
  readonly kind: PlannedClause["kind"];
  readonly template: RequestTemplate | undefined;
  readonly items: readonly ComposedItem[];
}

function planClause(clause: MergeClause, context: ClauseContext): ClauseParts {
  const { action } = clause;
  const { statement, environment } = context;
  rejectUnfiltered(clause, context);
  const reading = environment.constants;
  switch (action.kind) {
    case "nothing":
      return { kind: "nothing", template: undefined, items: [] };
    case "delete": {
      const { endpoint } = writeTarget(statement.table, "delete", environment);
      return {
        kind: "delete",
        template: { endpoint, slots: keySlots(endpoint), isOfObject: true, reading },
        items: [],
      };
    }
    case "update":
      return updateParts(clause, action.assignments, context);
    case "insert": {
      const target = writeTarget(statement.table, "create", environment);
      if (action.columns.length !== action.values.length)
        throw wrongWidth(action.columns.length, action.values.length, clause.position);
      const slots = insertSlots(action.columns, target);
      rejectAccount(slots, clause);
      const template = { endpoint: target.endpoint, slots, isOfObject: false, reading };
      return {
        kind: "insert",
        template,
        items: action.values.map((value) => chosenItem(plainItem(value), clause, context)),
      };
    }
  }
}

function updateParts(clause: MergeClause, assigned: readonly Assigned[], context: ClauseContext): ClauseParts {
  const { statement, target, environment } = context;
  const written = writeTarget(statement.table, "update", environment);
  const assignments = readAssignments(assigned, { ...written, called: targetName(statement), environment });
  const slots = [...keySlots(written.endpoint), ...assignedSlots(assignments)];
  return {
    kind: "update",
    template: { endpoint: written.endpoint, slots, isOfObject: true, reading: environment.constants },
    items: updateItems(assignments, target).map((item) => chosenItem(item, clause, context)),
  };
}

const updateItems = (assignments: readonly Assignment[], target: NamedTarget): readonly ComposedItem[] => [
  ...assignments.map(valueItem),
  ...structuresOf(assignments).map((structure) => currentItem(structure, target)),
];

const plainItem = ({ sql, expression }: SqlExpression): ComposedItem => ({
  sql: composeSql(["(", sql, ")"]),
  expression,
});

/** A clause's value is computed for the rows that may be its own alone: for others it may not even be one. */
function chosenItem(item: ComposedItem, clause: MergeClause, { statement, target }: ClauseContext): ComposedItem {
  return caseItem([[fits(clause, statement, target), item]]);
}

/** The number of the first clause that a row fits. */
function numberItem(statement: MergeStatement, target: NamedTarget): ComposedItem {
  return caseItem(
    statement.clauses.map((clause, index) => [
      fits(clause, statement, target),
      { sql: String(index), expression: { kind: "literal", value: { type: "number", text: String(index) } } },
    ]),
  );
}

function caseItem(whens: readonly (readonly [ComposedItem, ComposedItem])[]): ComposedItem {
  return {
    sql: composeSql(["CASE", ...whens.flatMap(([when, then]) => [" WHEN ", when.sql, " THEN ", then.sql]), " END"]),
    expression: {
      kind: "other",
      form: "case",
      perRow: true,
      operands: whens.flatMap((pair) => pair.map(({ expression }) => expression)),
    },
  };
}

/** Whether a row is one that the clause is of: what an outer join has filled with NULL has no key, or no mark. */
function fits({ matching, condition }: MergeClause, statement: MergeStatement, target: NamedTarget): ComposedItem {
  const key = targetColumn(target.table.primaryKey ?? "", target);
  const mark = columnItem(sourceMark, undefined);
  const tests = {
    matched: [nullTest(key, true), ...(isMarked(statement) ? [nullTest(mark, true)] : [])],
    "not matched": [nullTest(key, false)],
    "not matched by source": [nullTest(mark, false)],
  }[matching];
  const all = condition === undefined ? tests : [...tests, plainItem(condition)];
  return {
    sql: composeSql(all.flatMap(({ sql }, index) => (index === 0 ? [sql] : [" AND ", sql]))),
    expression: { kind: "and", operands: all.map(({ expression }) => expression) },
  };
}

const nullTest = ({ sql, expression }: ComposedItem, negated: boolean): ComposedItem => ({
  sql: composeSql([sql, ` IS ${negated ? "NOT " : ""}NULL`]),
  expression: { kind: "is-null", operand: expression, negated },
});

/** The row's place, and what one row and one object at most may have. */
const conflictItems = ({ conflict }: MergeStatement): readonly ComposedItem[] =>
  conflict === undefined ? [] : [conflict.place, ...conflict.values].map(plainItem);

const conflictColumns = ({ values, names }: ConflictKeys): ConflictColumns => ({
  place: 1,
  values: { first: 2, count: values.length },
  called: `(${names.join(", ")})`,
});

function numbered(clauses: readonly ClauseParts[], from: number): readonly PlannedClause[] {
  let first = from;
  return clauses.map(({ kind, template, items }): PlannedClause => {
    if (kind === "nothing" || template === undefined) return { kind: "nothing" };
    const values = { first, count: items.length };
    first += items.length;
    return { kind, template, values };
  });
}

/** What the source lacks may be the whole table. */
function rejectUnfiltered(
  { matching, condition, action, position }: MergeClause,
  { statement, environment }: ClauseContext,
): void {
  if (matching !== "not matched by source" || condition !== undefined || environment.allowUnfilteredWrites) return;
  if (action.kind !== "update" && action.kind !== "delete") return;
  const what = `WHEN NOT MATCHED BY SOURCE THEN ${action.kind.toUpperCase()}`;
  throw unfilteredWrite(`${what} without a condition may touch every row of "${statement.table.name}"`, {
    hint: "Add AND and a condition",
    position,
  });
}

/** Objects of another account would have to be looked for there. */
function rejectAccount(slots: readonly Slot[], { position, action }: MergeClause): void {
  if (!slots.some(({ kind }) => kind === "account")) return;
  const column = action.kind === "insert" ? action.columns.find(({ name }) => isAccount(name)) : undefined;
  throw new StripeSqlError(`${accountColumn} cannot be inserted where rows are matched`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: "Rows are matched with the objects of the connection's own account.",
    position: column?.position ?? position,
    hint: `Connect with ${accountColumn}=….`,
  });
}

const isAccount = (name: string): boolean => name.toLowerCase() === accountColumn.toLowerCase();

/** Nothing of Stripe's refuses a second object with the same e-mail address, or whatever rows are matched by. */
function raceNotices(statement: MergeStatement, target: NamedTarget): readonly string[] {
  const inserts = statement.clauses.some(({ action }) => action.kind === "insert");
  if (!inserts || isByChosenId(statement, target)) return [];
  return [
    `Stripe has no unique keys: rows of ${target.table.name} are matched by reading them first, and what another program inserts meanwhile is not seen`,
  ];
}

/** An id that the caller chooses is unique: Stripe refuses a second. */
function isByChosenId({ conflict }: MergeStatement, { table, naming }: NamedTarget): boolean {
  const isId = ({ expression }: { readonly expression: Expression }): boolean =>
    expression.kind === "column" &&
    namesColumn(expression, table.primaryKey ?? "", { table, naming, called: expression.table });
  return conflict !== undefined && takesId(table) && conflict.values.some(isId);
}

const takesId = ({ create, primaryKey }: Table): boolean =>
  create?.parameters.some(({ name }) => name === primaryKey) === true;
