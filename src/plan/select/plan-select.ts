import type { Column, PseudoColumn, Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Expression } from "../../syntax/expression.js";
import type { SelectStatement } from "../../syntax/statement.js";
import { planAccess } from "../access/access-path.js";
import type { AccessRequest } from "../access/candidate.js";
import type { PlanEnvironment } from "../environment.js";
import type { QueryAnalysis, TableUse } from "../names/query-analysis.js";
import { analyseQuery, relationKey } from "../names/query-analysis.js";
import type { RelationName, RelationTarget } from "../names/relation.js";
import { findRelation, findRelationColumn, relationColumnName } from "../names/relation.js";
import { foldConstant } from "../predicate/constant.js";
import type { Predicate } from "../predicate/predicate.js";
import { wholeOrigin } from "../sql-origin.js";
import { UnreadQuery } from "../unread-query.js";
import { mergeUses } from "./merge-uses.js";
import type { RowWiseSelect } from "./row-wise.js";
import { requestedOrder, rowWiseSelect } from "./row-wise.js";
import type { DirectColumn, Relation, ScanColumn, ScanRelation, SelectPlan, SelectWay } from "./select-plan.js";

/** Plans a SELECT. One that the planner's own parser cannot read is scanned whole, and a notice says so. */
export function planSelect(statement: SelectStatement, environment: PlanEnvironment): SelectPlan {
  if (statement.query === undefined) return planUnread(statement, environment);
  const analysis = analyseQuery(statement.query, environment);
  const single = rowWiseSelect(statement.query);
  const rowWise = single !== undefined && analysis.uses.length === 1 ? single : undefined;
  const planned = groupUses(analysis.uses).map((uses) => planRelation({ uses, analysis, environment, rowWise }));
  const relations = planned.map(({ relation }) => relation);
  return {
    kind: "select",
    sql: statement.sql,
    origin: wholeOrigin(statement),
    relations,
    way: chooseWay(planned, rowWise, environment),
    hiddenOutput: hiddenOutput(relations, analysis),
    notices: [...new Set(planned.flatMap(({ notices }) => notices))],
  };
}

function planUnread(statement: SelectStatement, environment: PlanEnvironment): SelectPlan {
  const names = environment.tableNames?.get(statement.sql);
  if (names === undefined) throw new UnreadQuery(statement.sql, wholeOrigin(statement));
  const relations = names.map((name) => {
    const target = findRelation(name, environment);
    return planWholeRelation(name, target, environment);
  });
  const scanned = relations.flatMap((relation) => (relation.kind === "scan" ? [relation.table.name] : []));
  return {
    kind: "select",
    sql: statement.sql,
    origin: wholeOrigin(statement),
    relations,
    way: { kind: "load" },
    hiddenOutput: new Set(),
    notices:
      scanned.length === 0
        ? []
        : [`no condition of this statement is pushed to Stripe: ${scanned.join(", ")} is read whole`],
  };
}

function planWholeRelation(name: RelationName, target: RelationTarget, environment: PlanEnvironment): Relation {
  const { schema } = name;
  if (target.kind === "system") return { kind: "system", schema, name: name.name, table: target.table };
  const answer = planAccess(accessRequest(target.table, [], environment));
  const columns = target.table.columns
    .filter((column) => !column.hidden)
    .map((column) => scanColumn(column, target.naming));
  return {
    kind: "scan",
    schema,
    name: name.name,
    table: target.table,
    naming: target.naming,
    columns,
    // Conditions that were not read may leave any of the rows out.
    scan: answer.scan.kind === "exact" ? { kind: "inexact", accesses: answer.scan.accesses } : answer.scan,
    judged: [],
  };
}

function groupUses(uses: readonly TableUse[]): readonly (readonly TableUse[])[] {
  const groups = new Map<string, TableUse[]>();
  for (const use of uses) {
    const key = relationKey(use.reference);
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  return [...groups.values()];
}

interface RelationInput {
  readonly uses: readonly TableUse[];
  readonly analysis: QueryAnalysis;
  readonly environment: PlanEnvironment;
  readonly rowWise: RowWiseSelect | undefined;
}

interface PlannedRelation {
  readonly relation: Relation;
  readonly newestFirst: boolean;
  readonly order: AccessRequest["order"];
  readonly notices: readonly string[];
}

function planRelation(input: RelationInput): PlannedRelation {
  const { uses, analysis, environment, rowWise } = input;
  const [first] = uses;
  if (first === undefined) throw new RangeError("a relation without a use");
  const { schema, name } = first.reference;
  const { target } = first;
  if (target.kind === "system") {
    return {
      relation: { kind: "system", schema, name, table: target.table },
      newestFirst: false,
      order: "any",
      notices: [],
    };
  }
  rejectTwoSpellings(uses);
  const columns = neededColumns(target, analysis, relationKey(first.reference));
  const order =
    rowWise === undefined ? "any" : requestedOrder(rowWise.block, (wanted) => findRelationColumn(target, wanted));
  const request: AccessRequest = {
    ...accessRequest(target.table, first.predicates, environment),
    includes: includePaths(columns, analysis),
    order,
    limit: rowWise === undefined ? undefined : rowsWanted(rowWise, environment),
  };
  const answer = mergeUses(uses, request);
  const judged = first.predicates.map((predicate, index) => ({
    predicate,
    verdict: answer.verdicts[index] ?? "unsupported",
  }));
  const relation: ScanRelation = {
    kind: "scan",
    schema,
    name,
    table: target.table,
    naming: target.naming,
    columns,
    scan: answer.scan,
    judged,
  };
  return { relation, newestFirst: answer.newestFirst, order, notices: answer.notices };
}

/** Names that differ in case alone are one table to DuckDB, which cannot have its columns in both spellings. */
function rejectTwoSpellings(uses: readonly TableUse[]): void {
  const namings = new Set(uses.map(({ target }) => (target.kind === "table" ? target.naming : "")));
  if (namings.size < 2) return;
  const names = [...new Set(uses.map(({ reference }) => reference.name))];
  throw new StripeSqlError(`${names.map((name) => `"${name}"`).join(" and ")} are one table in two spellings`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: "Spell it one way throughout: the spelling of a table decides that of its columns.",
  });
}

function accessRequest(table: Table, predicates: readonly Predicate[], environment: PlanEnvironment): AccessRequest {
  return {
    table,
    predicates,
    order: "any",
    limit: undefined,
    includes: [],
    pushdown: environment.pushdown,
    ancestors: [],
    findTable: (name, schema) => environment.catalog.findTable(name, schema)?.table,
  };
}

/** LIMIT plus OFFSET; undefined for none, and for one that is no constant. */
function rowsWanted({ block }: RowWiseSelect, environment: PlanEnvironment): number | undefined {
  const limit = wholeNumber(block.limit, environment);
  const offset = block.offset === undefined ? 0 : wholeNumber(block.offset, environment);
  return limit === undefined || offset === undefined ? undefined : limit + offset;
}

function wholeNumber(expression: Expression | undefined, environment: PlanEnvironment): number | undefined {
  const value = expression && foldConstant(expression, environment.constants);
  return value?.type === "number" && Number.isSafeInteger(value.value) && value.value >= 0 ? value.value : undefined;
}

function scanColumn(column: Column | PseudoColumn, naming: "sql" | "stripe"): ScanColumn {
  const constant = column.kind === "pseudo-column" || column.parentKey;
  return { name: relationColumnName(column, naming), column, constant };
}

/** The columns that the statement names; all but hidden and pseudo ones where it asks for the whole row. */
function neededColumns(
  target: Extract<RelationTarget, { kind: "table" }>,
  analysis: QueryAnalysis,
  key: string,
): readonly ScanColumn[] {
  const { table, naming } = target;
  const whole = analysis.wholeRelations.has(key);
  const isNamed = (column: Column | PseudoColumn): boolean =>
    analysis.columnNames.has(relationColumnName(column, naming).toLowerCase());
  const fields = table.columns.filter((column) => (whole && !column.hidden) || isNamed(column));
  const pseudo = table.pseudoColumns.filter(isNamed);
  const needed = [...fields, ...pseudo].map((column) => scanColumn(column, naming));
  // A relation needs a column even where only its rows are counted.
  return needed.length > 0 ? needed : table.columns.slice(0, 1).map((column) => scanColumn(column, naming));
}

/**
 * Fields that Stripe sends only on request, where the statement names one: `*` alone asks for none, as it
 * would make every page as slow as the heaviest of them.
 */
function includePaths(columns: readonly ScanColumn[], analysis: QueryAnalysis): readonly (readonly string[])[] {
  const named = columns.filter(
    ({ name, column }) => column.kind === "column" && column.includable && analysis.columnNames.has(name.toLowerCase()),
  );
  const fields = new Set(named.flatMap(({ column }) => (column.kind === "column" ? column.path.slice(0, 1) : [])));
  return [...fields].map((field) => [field]);
}

/** A name that a visible column has too stays: a column too many is better than one too few. */
function hiddenOutput(relations: readonly Relation[], analysis: QueryAnalysis): ReadonlySet<string> {
  const loaded = relations.flatMap((relation) => (relation.kind === "scan" ? relation.columns : []));
  const namesWhere = (isHidden: boolean): readonly string[] =>
    loaded
      .filter(({ column }) => (column.kind === "pseudo-column" || column.hidden) === isHidden)
      .map(({ name }) => name.toLowerCase());
  const shown = new Set([...analysis.selectedNames, ...namesWhere(false)]);
  return new Set(namesWhere(true).filter((name) => !shown.has(name)));
}

/**
 * Direct where every predicate is exact, every output is a plain column and the order is Stripe's own;
 * streaming where each row stands alone; else loading. OFFSET counts rows of the whole result, so it
 * cannot run batch by batch.
 */
function chooseWay(
  planned: readonly PlannedRelation[],
  rowWise: RowWiseSelect | undefined,
  environment: PlanEnvironment,
): SelectWay {
  const [only] = planned;
  if (rowWise === undefined || only?.relation.kind !== "scan") return { kind: "load" };
  const ordered = only.order === "any" || (only.order === "created-descending" && only.newestFirst);
  const { block } = rowWise;
  const limit = wholeNumber(block.limit, environment);
  const offset = block.offset === undefined ? 0 : wholeNumber(block.offset, environment);
  if (!ordered || offset === undefined || (block.limit !== undefined && limit === undefined)) return { kind: "load" };
  const isExact = only.relation.scan.kind !== "inexact";
  const columns = environment.directWay && isExact ? directColumns(rowWise, only.relation) : undefined;
  if (columns !== undefined) return { kind: "direct", columns, limit, offset };
  return offset === 0 ? { kind: "stream", limit } : { kind: "load" };
}

function directColumns(
  { block, reference }: RowWiseSelect,
  relation: ScanRelation,
): readonly DirectColumn[] | undefined {
  const alias = (reference.alias ?? reference.name).toLowerCase();
  const columns: DirectColumn[] = [];
  for (const { expression, alias: outputName } of block.items) {
    if (expression.kind === "star" && (expression.table === undefined || expression.table.toLowerCase() === alias)) {
      const visible = relation.columns.filter(({ column }) => column.kind === "column" && !column.hidden);
      columns.push(...visible.map((source) => ({ name: source.name, source })));
      continue;
    }
    if (expression.kind !== "column" || (expression.table !== undefined && expression.table.toLowerCase() !== alias))
      return undefined;
    const source = relation.columns.find(({ name }) => name.toLowerCase() === expression.name.toLowerCase());
    if (source === undefined) return undefined;
    columns.push({ name: outputName ?? source.name, source });
  }
  return columns;
}
