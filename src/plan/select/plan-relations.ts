import type { Column, PseudoColumn, Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { relationId } from "../access/access-key.js";
import type { AccessAnswer, AccessRequest, SourceRelation } from "../access/candidate.js";
import { nothing } from "../cost/cost.js";
import type { PlanEnvironment } from "../environment.js";
import type { BoundQuery, BoundTable } from "../names/bound-query.js";
import type { RelationTarget } from "../names/relation.js";
import { relationColumnName, relationKey } from "../names/relation.js";
import { creationOf, requestedOrder } from "../names/wanted-rows.js";
import type { ColumnSource, Predicate } from "../predicate/predicate.js";
import { ownConditions } from "../scan/own-conditions.js";
import type { Scanned } from "../scan/scan.js";
import { computedSource } from "./computed-source.js";
import type { GrowingSelect } from "./growing-select.js";
import { joinOrder } from "./join-order.js";
import { mergeMentions } from "./merge-mentions.js";
import { rejectPseudoReads } from "./pseudo-reads.js";
import type { RowWiseSelect } from "./row-wise.js";
import type { Relation, ScanColumn, ScanRelation } from "./select-plan.js";

/** What decides how the relations of a statement are read, beside their own conditions. */
export interface StatementFacts {
  readonly query: BoundQuery;
  readonly environment: PlanEnvironment;
  /** Where the statement's rows are each one row of its one table. */
  readonly rowWise: RowWiseSelect | undefined;
  /** Where enough of a table's first rows fill the statement's LIMIT. */
  readonly growing: GrowingSelect | undefined;
}

/** A relation of the statement with the requests that fill it. */
export interface PlannedRelation {
  readonly relation: Relation;
  readonly feeds: readonly Scanned[];
  readonly newestFirst: boolean;
  readonly order: AccessRequest["order"];
  readonly notices: readonly string[];
  readonly answer: Pick<AccessAnswer, "cost" | "expansions">;
  readonly only: SourceRelation["only"];
}

type Mentions = ReadonlyMap<string, readonly BoundTable[]>;

/**
 * The relations of a statement in the order of their first mentions. Where tables are joined, each takes keys or whole
 * objects from others in the order that takes the fewest requests in all.
 */
export function planRelations(facts: StatementFacts): readonly PlannedRelation[] {
  const groups = groupMentions(facts.query.tables);
  const order = isJoined(groups) ? orderOf(groups, facts) : [...groups.keys()];
  const trial = planInOrder(order, { groups, facts, expands: new Map() });
  const expands = expansionsOf(order, trial);
  const planned = expands.size === 0 ? trial : planInOrder(order, { groups, facts, expands });
  return [...groups.keys()].flatMap((key) => planned.get(key) ?? []);
}

/** Whether a table's rows are told by another's. */
function isJoined(groups: Mentions): boolean {
  return groups.size > 1 && [...groups.values()].flat().some(({ predicates }) => predicates.some(namesSource));
}

function namesSource(predicate: Predicate): boolean {
  return isTold(predicate) || (predicate.kind === "or" && predicate.branches.some((b) => b.some(namesSource)));
}

/** Whether values of other relations bear on a predicate. */
const isTold = (predicate: Predicate): predicate is Extract<Predicate, { readonly source: ColumnSource }> =>
  predicate.kind === "joined" || predicate.kind === "bounded";

/** That of the text where no order is able to read all: then planning tells what cannot be read. */
function orderOf(groups: Mentions, facts: StatementFacts): readonly string[] {
  const known = new Map<string, PlannedRelation | undefined>();
  const plan = (key: string, before: ReadonlyMap<string, PlannedRelation>): PlannedRelation | undefined => {
    const text = JSON.stringify([key, ...sourcesOf(groups.get(key) ?? []).map((name) => idOf(before.get(name)))]);
    if (!known.has(text))
      known.set(
        text,
        tryPlan(() => planOne(key, before, { groups, facts, expands: new Map() })),
      );
    return known.get(text);
  };
  const keys = [...groups.keys()];
  return joinOrder({ keys, plan, costOf: ({ answer }) => answer.cost }) ?? keys;
}

const idOf = (planned: PlannedRelation | undefined): string | null => {
  if (planned === undefined) return null;
  return planned.relation.kind === "scan" ? planned.relation.id : "local";
};

/** Relations that the rows of a table's mentions are told by. */
function sourcesOf(mentions: readonly BoundTable[]): readonly string[] {
  const named = (predicates: readonly Predicate[]): readonly string[] =>
    predicates.flatMap((predicate) => {
      if (isTold(predicate)) return predicate.source.computed?.reads ?? [predicate.source.relation];
      return predicate.kind === "or" ? predicate.branches.flatMap(named) : [];
    });
  return [...new Set(mentions.flatMap(({ predicates }) => named(predicates)))];
}

/** Undefined where the relation cannot be read so. */
function tryPlan(plan: () => PlannedRelation): PlannedRelation | undefined {
  try {
    return plan();
  } catch (error) {
    if (error instanceof StripeSqlError && error.phase === "plan") return undefined;
    throw error;
  }
}

interface Planning {
  readonly groups: Mentions;
  readonly facts: StatementFacts;
  /** References to be expanded of the objects of a relation, by its key. */
  readonly expands: ReadonlyMap<string, readonly (readonly string[])[]>;
}

function planInOrder(order: readonly string[], planning: Planning): ReadonlyMap<string, PlannedRelation> {
  const planned = new Map<string, PlannedRelation>();
  for (const key of order) planned.set(key, planOne(key, planned, planning));
  return planned;
}

function planOne(
  key: string,
  before: ReadonlyMap<string, PlannedRelation>,
  { groups, facts, expands }: Planning,
): PlannedRelation {
  const findRelation = (name: string): SourceRelation | undefined => {
    const computed = computedOf(groups.get(key) ?? [], name);
    return computed === undefined
      ? sourceRelation(name, before)
      : computedSource(computed, (read) => scannedBefore(read, before));
  };
  return planRelation({ ...facts, mentions: groups.get(key) ?? [], findRelation, expands: expands.get(key) ?? [] });
}

/** The source that predicates of the mentions name, where it is one that the local engine computes. */
function computedOf(mentions: readonly BoundTable[], name: string): ColumnSource | undefined {
  const told = mentions.flatMap(({ predicates }) => predicates.filter(isTold));
  return told.find(({ source }) => source.relation === name && source.computed !== undefined)?.source;
}

function scannedBefore(key: string, before: ReadonlyMap<string, PlannedRelation>): Scanned | "local" | undefined {
  const relation = before.get(key)?.relation;
  return relation === undefined || relation.kind === "scan" ? relation : "local";
}

function sourceRelation(key: string, before: ReadonlyMap<string, PlannedRelation>): SourceRelation | undefined {
  const planned = before.get(key);
  if (planned?.relation.kind !== "scan") return undefined;
  const { relation: scanned, feeds, only } = planned;
  const embeddedBeneath = pathFromRequest(planned, before);
  return { scanned, feeds, only, embeddedBeneath, shownAsJson: shownAsJson(planned, before) };
}

/** Keys from the object that is asked for to this relation's own, where those are embedded. */
function pathFromRequest({ answer }: PlannedRelation, before: ReadonlyMap<string, PlannedRelation>): readonly string[] {
  const [expansion] = answer.expansions;
  const holder = expansion && before.get(expansion.relation);
  return expansion === undefined || holder === undefined ? [] : [...pathFromRequest(holder, before), ...expansion.path];
}

/** What is shown as JSON of a relation's objects: by its own columns, or by those of the relation whose objects hold them. */
function shownAsJson(
  { relation, answer }: PlannedRelation,
  before: ReadonlyMap<string, PlannedRelation>,
): readonly (readonly string[])[] {
  const columns = relation.kind === "scan" ? relation.columns : [];
  const own = columns.flatMap(({ column }) =>
    column.kind === "column" && column.type === "JSON" && !column.parentKey ? [column.path] : [],
  );
  const [expansion] = answer.expansions;
  const holder = expansion && before.get(expansion.relation);
  if (expansion === undefined || holder === undefined) return own;
  const { path } = expansion;
  const held = shownAsJson(holder, before).filter((shown) => path.every((key, at) => (shown[at] ?? key) === key));
  return [...own, ...held.map((shown) => shown.slice(path.length))];
}

/**
 * What each relation's requests have to expand: the references that fill others, and what those expand themselves. The
 * other's own requests expand it too, as they stand in for objects that did not come along.
 */
function expansionsOf(order: readonly string[], planned: ReadonlyMap<string, PlannedRelation>): Planning["expands"] {
  const expands = new Map<string, readonly (readonly string[])[]>();
  for (const key of [...order].reverse()) {
    const own = expands.get(key) ?? [];
    for (const { relation, path, expand } of planned.get(key)?.answer.expansions ?? []) {
      const beneath = own.map((inner) => [...path, ...inner]);
      const paths = [...(expands.get(relation) ?? []), ...(expand === undefined ? [] : [expand]), ...beneath];
      if (paths.length > 0) expands.set(relation, distinctPaths(paths));
    }
  }
  return expands;
}

const distinctPaths = (paths: readonly (readonly string[])[]): readonly (readonly string[])[] => [
  ...new Map(paths.map((path) => [path.join("."), path])).values(),
];

/** All mentions of a table are one relation to the local engine. */
function groupMentions(tables: readonly BoundTable[]): ReadonlyMap<string, readonly BoundTable[]> {
  const groups = new Map<string, BoundTable[]>();
  for (const table of tables) {
    const key = relationKey(table.reference);
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  return groups;
}

interface RelationInput extends StatementFacts {
  readonly mentions: readonly BoundTable[];
  readonly findRelation: AccessRequest["findRelation"];
  readonly expands: AccessRequest["expands"];
}

function planRelation(input: RelationInput): PlannedRelation {
  const { mentions, query, environment, rowWise, growing, findRelation, expands } = input;
  const [first] = mentions;
  if (first === undefined) throw new RangeError("a relation without a mention");
  const { schema, name } = first.reference;
  const { target } = first;
  if (target.kind !== "table") {
    return {
      relation: { ...target, schema, name },
      feeds: [],
      newestFirst: false,
      order: "any",
      notices: [],
      answer: { cost: nothing, expansions: [] },
      only: [],
    };
  }
  rejectTwoSpellings(mentions);
  const columns = neededColumns(target, query, relationKey(first.reference));
  const ownOrder =
    rowWise === undefined
      ? "any"
      : requestedOrder({ block: rowWise.block, isCreated: creationOf({ item: first.reference, target }) });
  const wanted = mentions.length === 1 ? first.wanted : undefined;
  const order = first.reference === growing?.newestOf ? "created-descending" : (wanted?.order ?? ownOrder);
  // Its first pages may be enough, where a search gives its rows in no order.
  const mayEndEarly = growing?.drivers.includes(first.reference) === true && environment.search === "auto";
  const request: AccessRequest = {
    ...accessRequest(target.table, first.predicates, environment),
    findRelation,
    search: mayEndEarly ? "off" : environment.search,
    includes: includePaths(columns, query),
    expands,
    order,
    limit: wanted?.rows,
    ties: wanted?.ties,
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
    rejected: answer.rejected,
    judged,
  };
  const notices = [...answer.notices, ...sampleNotices(mentions)];
  // Of several mentions a row may matter to each that it does not satisfy the other's conditions of.
  const only = mentions.length === 1 ? ownConditions(target.table, first.predicates) : [];
  return { relation, feeds: answer.feeds, newestFirst: answer.newestFirst, order, notices, answer, only };
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
    cost: nothing,
    expansions: [],
    rejected: [],
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
    expands: [],
    pushdown: environment.pushdown,
    search: environment.search,
    without: environment.without,
    closedEnumsHold: environment.closedEnumsHold,
    ancestors: [],
    findTable: (name, schema) => environment.catalog.findTable(name, schema)?.table,
    statistics: environment.statistics,
    now: () => environment.constants.nowSeconds,
    findRelation: () => undefined,
  };
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
