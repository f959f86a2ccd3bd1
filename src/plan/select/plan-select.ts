import type { Column, PseudoColumn, Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Expression } from "../../syntax/expression.js";
import type { SelectStatement } from "../../syntax/statement.js";
import { distinctRelations, relationId } from "../access/access-key.js";
import type { AccessAnswer, AccessRequest, SourceRelation } from "../access/candidate.js";
import type { Scanned } from "../access/scan.js";
import type { PlanEnvironment } from "../environment.js";
import type { BoundQuery, BoundTable } from "../names/bind-query.js";
import { bindQuery } from "../names/bind-query.js";
import type { RelationTarget } from "../names/relation.js";
import { findRelationColumn, relationColumnName, relationKey } from "../names/relation.js";
import { foldConstant } from "../predicate/constant.js";
import type { Predicate } from "../predicate/predicate.js";
import { currencySums } from "./currency-sums.js";
import { mergeMentions } from "./merge-mentions.js";
import { outputHeadings } from "./output-headings.js";
import { rejectPseudoReads } from "./pseudo-reads.js";
import type { RowWiseSelect } from "./row-wise.js";
import { requestedOrder, rowWiseSelect } from "./row-wise.js";
import type { DirectColumn, Relation, ScanColumn, ScanRelation, SelectPlan, SelectStrategy } from "./select-plan.js";
import { placeTimeWords } from "./time-words.js";
import { wholeDivisionNotices } from "./whole-divisions.js";

/** Plans a SELECT. Pure: what it depends on beside the statement is in the environment. */
export function planSelect(
  statement: Pick<SelectStatement, "sql" | "query">,
  environment: PlanEnvironment,
): SelectPlan {
  const query = bindQuery(statement.query, environment);
  const single = rowWiseSelect(statement.query);
  const rowWise = single !== undefined && query.tables.length === 1 ? single : undefined;
  const planned = planRelations(groupMentions(query.tables), { query, environment, rowWise });
  const relations = planned.map(({ relation }) => relation);
  const timed = placeTimeWords(statement, query.tables, environment.constants);
  return {
    kind: "select",
    text: timed.text,
    timeWords: timed.parameters,
    currencySums: currencySums(statement.query, query.tables),
    relations,
    feeds: feedsOf(planned, relations),
    strategy: chooseStrategy(planned, rowWise, environment),
    hiddenOutput: hiddenOutput(relations, query),
    headings: outputHeadings(statement.query),
    notices: [
      ...new Set([
        ...planned.flatMap(({ notices }) => notices),
        ...wholeDivisionNotices(statement.query, query.tables),
      ]),
    ],
  };
}

/** What relations take values from and the SQL does not read itself: a relation that it reads is read once for both. */
function feedsOf(
  planned: readonly Pick<PlannedRelation, "feeds">[],
  relations: readonly Relation[],
): readonly Scanned[] {
  const read = new Set(relations.map((relation) => (relation.kind === "scan" ? relation.id : undefined)));
  return distinctRelations(planned.flatMap(({ feeds }) => feeds)).filter(({ id }) => !read.has(id));
}

/** All mentions of a table are one relation to the local engine. */
function groupMentions(tables: readonly BoundTable[]): ReadonlyMap<string, readonly BoundTable[]> {
  const groups = new Map<string, BoundTable[]>();
  for (const table of tables) {
    const key = relationKey(table.reference);
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  return groups;
}

/** In the order of their first mentions, but for those that others take values from, which are planned when asked for. */
function planRelations(
  groups: ReadonlyMap<string, readonly BoundTable[]>,
  input: Omit<RelationInput, "mentions" | "findRelation">,
): readonly PlannedRelation[] {
  const planned = new Map<string, PlannedRelation>();
  const waiting = new Set<string>();
  const plan = (key: string): PlannedRelation | undefined => {
    const known = planned.get(key);
    const mentions = groups.get(key);
    if (known !== undefined || mentions === undefined || waiting.has(key)) return known;
    waiting.add(key);
    const relation = planRelation({ ...input, mentions, findRelation: (name) => sourceRelation(plan(name)) });
    planned.set(key, relation);
    return relation;
  };
  return [...groups.keys()].flatMap((key) => plan(key) ?? []);
}

function sourceRelation(planned: PlannedRelation | undefined): SourceRelation | undefined {
  return planned?.relation.kind === "scan" ? { scanned: planned.relation, feeds: planned.feeds } : undefined;
}

interface RelationInput {
  readonly mentions: readonly BoundTable[];
  readonly findRelation: AccessRequest["findRelation"];
  readonly query: BoundQuery;
  readonly environment: PlanEnvironment;
  readonly rowWise: RowWiseSelect | undefined;
}

interface PlannedRelation {
  readonly relation: Relation;
  readonly feeds: readonly Scanned[];
  readonly newestFirst: boolean;
  readonly order: AccessRequest["order"];
  readonly notices: readonly string[];
}

function planRelation(input: RelationInput): PlannedRelation {
  const { mentions, query, environment, rowWise, findRelation } = input;
  const [first] = mentions;
  if (first === undefined) throw new RangeError("a relation without a mention");
  const { schema, name } = first.reference;
  const { target } = first;
  if (target.kind === "system") {
    return {
      relation: { kind: "system", schema, name, table: target.table },
      feeds: [],
      newestFirst: false,
      order: "any",
      notices: [],
    };
  }
  rejectTwoSpellings(mentions);
  const columns = neededColumns(target, query, relationKey(first.reference));
  const order =
    rowWise === undefined ? "any" : requestedOrder(rowWise.block, (wanted) => findRelationColumn(target, wanted));
  const request: AccessRequest = {
    ...accessRequest(target.table, first.predicates, environment),
    findRelation,
    includes: includePaths(columns, query),
    order,
    limit: rowWise === undefined ? undefined : rowsWanted(rowWise, environment),
  };
  const answer = environment.constants.parameters.includes(undefined)
    ? unansweredYet(request)
    : mergeMentions(mentions, request);
  if (!environment.constants.parameters.includes(undefined))
    for (const mention of mentions) rejectPseudoReads(mention, answer, environment);
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
    id: relationId(target.table, answer.scan),
    scan: answer.scan,
    judged,
  };
  const notices = [...answer.notices, ...sampleNotices(mentions)];
  return { relation, feeds: answer.feeds, newestFirst: answer.newestFirst, order, notices };
}

function sampleNotices(mentions: readonly BoundTable[]): readonly string[] {
  return mentions
    .filter(({ reference }) => reference.sampled)
    .map(({ reference }) => `TABLESAMPLE takes its rows from all of ${reference.name}: it is read whole`);
}

/** A statement can be described before the values of its parameters are known: how it is read is then left open. */
function unansweredYet({ predicates }: AccessRequest): AccessAnswer {
  return {
    scan: { kind: "empty", reason: "the parameters have no values yet" },
    feeds: [],
    verdicts: predicates.map(() => "unsupported"),
    newestFirst: false,
    notices: [],
  };
}

/** Names that differ in case alone are one table to DuckDB, which cannot have its columns in both spellings. */
function rejectTwoSpellings(mentions: readonly BoundTable[]): void {
  const namings = new Set(mentions.map(({ target }) => (target.kind === "table" ? target.naming : "")));
  if (namings.size < 2) return;
  const names = [...new Set(mentions.map(({ reference }) => reference.name))];
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
    closedEnumsHold: environment.closedEnumsHold,
    ancestors: [],
    findTable: (name, schema) => environment.catalog.findTable(name, schema)?.table,
    statistics: environment.statistics,
    now: () => environment.constants.nowSeconds,
    findRelation: () => undefined,
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

function scanColumn(column: Column | PseudoColumn, naming: "sql" | "stripe", named: boolean): ScanColumn {
  const constant = column.kind === "pseudo-column" || column.parentKey;
  return { name: relationColumnName(column, naming), column, constant, named };
}

/** The columns that the statement names; all but hidden and pseudo ones where it asks for the whole row. */
function neededColumns(
  target: Extract<RelationTarget, { kind: "table" }>,
  query: BoundQuery,
  key: string,
): readonly ScanColumn[] {
  const { table, naming } = target;
  const whole = query.wholeRelations.has(key);
  const isNamed = (column: Column | PseudoColumn): boolean =>
    query.columnNames.has(relationColumnName(column, naming).toLowerCase());
  const fields = table.columns.filter((column) => (whole && !column.hidden) || isNamed(column));
  const pseudo = table.pseudoColumns.filter(isNamed);
  const needed = [...fields, ...pseudo].map((column) => scanColumn(column, naming, isNamed(column)));
  // A relation needs a column even where only its rows are counted.
  return needed.length > 0 ? needed : table.columns.slice(0, 1).map((column) => scanColumn(column, naming, false));
}

/**
 * Fields that Stripe sends only on request, where the statement names one: `*` alone asks for none, as it
 * would make every page as slow as the heaviest of them.
 */
function includePaths(columns: readonly ScanColumn[], query: BoundQuery): readonly (readonly string[])[] {
  const named = columns.filter(
    ({ name, column }) => column.kind === "column" && column.includable && query.columnNames.has(name.toLowerCase()),
  );
  const paths = named.flatMap(({ column }) => (column.kind === "column" ? [column.includePath ?? column.path] : []));
  return [...new Map(paths.map((path) => [path.join("."), path])).values()];
}

/** A name that a visible column has too stays: a column too many is better than one too few. */
function hiddenOutput(relations: readonly Relation[], query: BoundQuery): ReadonlySet<string> {
  const loaded = relations.flatMap((relation) => (relation.kind === "scan" ? relation.columns : []));
  const namesWhere = (isHidden: boolean): readonly string[] =>
    loaded
      .filter(({ column }) => (column.kind === "pseudo-column" || column.hidden) === isHidden)
      .map(({ name }) => name.toLowerCase());
  const shown = new Set([...query.selectedNames, ...namesWhere(false)]);
  return new Set(namesWhere(true).filter((name) => !shown.has(name)));
}

/**
 * Direct where every predicate is exact, every output is a plain column and the order is Stripe's own;
 * streaming where each row stands alone; else loading. OFFSET counts rows of the whole result, so it
 * cannot run batch by batch.
 */
function chooseStrategy(
  planned: readonly PlannedRelation[],
  rowWise: RowWiseSelect | undefined,
  environment: PlanEnvironment,
): SelectStrategy {
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
