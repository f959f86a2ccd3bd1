import type { SelectStatement } from "../../syntax/statement.js";
import { distinctRelations } from "../access/access-key.js";
import type { PlanEnvironment } from "../environment.js";
import { bindQuery } from "../names/bind-query.js";
import type { BoundQuery } from "../names/bound-query.js";
import { relationKey } from "../names/relation.js";
import { wholeNumber } from "../predicate/constant.js";
import type { Scanned } from "../scan/scan.js";
import { accessesOf, isBounded, waitsFor } from "../scan/scan.js";
import { currencySums } from "./currency-sums.js";
import type { GrowingSelect } from "./growing-select.js";
import { growingSelect } from "./growing-select.js";
import { outputAmounts } from "./output-amounts.js";
import { outputHeadings } from "./output-headings.js";
import type { PlannedRelation } from "./plan-relations.js";
import { planRelations } from "./plan-relations.js";
import type { RowWiseSelect } from "./row-wise.js";
import { rowWiseSelect } from "./row-wise.js";
import type { DirectColumn, Relation, ScanRelation, SelectPlan, SelectStrategy } from "./select-plan.js";
import { shareExpansions } from "./shared-expansions.js";
import { placeTimeWords } from "./time-words.js";
import { wholeDivisionNotices } from "./whole-divisions.js";

/** Plans a SELECT. Pure: what it depends on beside the statement is in the environment. */
export function planSelect(
  statement: Pick<SelectStatement, "sql" | "query" | "isWhole">,
  environment: PlanEnvironment,
): SelectPlan {
  const query = bindQuery(statement.query, environment);
  const isWhole = statement.isWhole === true;
  const single = isWhole ? undefined : rowWiseSelect(statement.query);
  const rowWise = single !== undefined && query.tables.length === 1 ? single : undefined;
  const growing = isWhole ? undefined : growingSelect(statement.query, environment);
  const planned = shareExpansions(planRelations({ query, environment, rowWise, growing }));
  const strategy = chooseStrategy(planned, { rowWise, growing, query }, environment);
  const relations = planned.map(({ relation }) => withoutWaiting(relation, strategy));
  const spoken = inDialect(statement, query, environment);
  return {
    kind: "select",
    text: spoken.text,
    timeWords: spoken.timeWords,
    currencySums: currencySums(statement.query, query, environment),
    amounts: environment.dialect === "postgres" ? [] : outputAmounts(statement.query, environment),
    relations,
    feeds: feedsOf(planned, relations),
    strategy,
    hiddenOutput: environment.dialect === "postgres" ? new Set() : hiddenOutput(relations, query),
    headings: spoken.headings,
    notices: [...new Set([...planned.flatMap(({ notices }) => notices), ...spoken.notices])],
  };
}

/** What DuckDB does otherwise than PostgreSQL is made up for, or told; a PostgreSQL runs the text as it is. */
function inDialect(
  { sql, query }: Pick<SelectStatement, "sql" | "query">,
  { tables }: BoundQuery,
  { dialect, constants }: PlanEnvironment,
): Pick<SelectPlan, "text" | "timeWords" | "headings" | "notices"> {
  if (dialect === "postgres")
    return { text: sql, timeWords: new Map(), headings: { first: [], last: [] }, notices: [] };
  const { text, parameters } = placeTimeWords({ sql, query }, tables, constants);
  return { text, timeWords: parameters, headings: outputHeadings(query), notices: wholeDivisionNotices(query, tables) };
}

/** What relations take values from and the SQL does not read itself: a relation that it reads is read once for both. */
function feedsOf(
  planned: readonly Pick<PlannedRelation, "feeds">[],
  relations: readonly Relation[],
): readonly Scanned[] {
  const read = new Set(relations.map((relation) => (relation.kind === "scan" ? relation.id : undefined)));
  return distinctRelations(planned.flatMap(({ feeds }) => feeds)).filter(({ id }) => !read.has(id));
}

/** A name that a visible column has too stays: a column too many is better than one too few. */
function hiddenOutput(relations: readonly Relation[], query: BoundQuery): ReadonlySet<string> {
  const loaded = relations.flatMap((relation) => (relation.kind === "scan" ? relation.columns : []));
  const namesWhere = (isHidden: boolean): readonly string[] =>
    loaded
      .filter(({ column }) => (column.kind === "pseudo-column" || column.hidden) === isHidden)
      .map(({ name }) => name.toLowerCase());
  const hidden = namesWhere(true);
  if (hidden.length === 0) return new Set();
  const shown = new Set([...query.selectedNames, ...namesWhere(false)]);
  return new Set(hidden.filter((name) => !shown.has(name)));
}

/**
 * Direct where every predicate is exact, every output is a plain column and the order is Stripe's own;
 * streaming where each row stands alone; else loading. OFFSET counts rows of the whole result, so it
 * cannot run batch by batch.
 */
function chooseStrategy(
  planned: readonly PlannedRelation[],
  { rowWise, growing, query }: Shapes,
  environment: PlanEnvironment,
): SelectStrategy {
  const ofRows = rowWise && rowWiseStrategy(planned, rowWise, environment);
  if (ofRows !== undefined) return ofRows;
  return (growing && growingStrategy(planned, growing, query)) ?? { kind: "load" };
}

interface Shapes {
  readonly rowWise: RowWiseSelect | undefined;
  readonly growing: GrowingSelect | undefined;
  readonly query: BoundQuery;
}

function rowWiseStrategy(
  planned: readonly PlannedRelation[],
  rowWise: RowWiseSelect,
  environment: PlanEnvironment,
): SelectStrategy | undefined {
  const [only] = planned;
  if (only?.relation.kind !== "scan") return undefined;
  const ordered = only.order === "any" || (only.order === "created-descending" && only.newestFirst);
  const { block } = rowWise;
  const limit = wholeNumber(block.limit, environment.constants);
  const offset = block.offset === undefined ? 0 : wholeNumber(block.offset, environment.constants);
  if (!ordered || block.orderBy.length > 1) return undefined;
  if (offset === undefined || (block.limit !== undefined && limit === undefined)) return undefined;
  const isExact = only.relation.scan.kind !== "inexact";
  const columns = environment.directWay && isExact ? directColumns(rowWise, only.relation, environment) : undefined;
  if (columns !== undefined) return { kind: "direct", columns, limit, offset };
  return offset === 0 ? { kind: "stream", limit } : undefined;
}

/** The table is one that waits for no other, and of which more than a page may have to be read. */
function growingStrategy(
  planned: readonly PlannedRelation[],
  { limit, drivers, newestOf, ordersTies }: GrowingSelect,
  { tables }: BoundQuery,
): SelectStrategy | undefined {
  for (const reference of drivers) {
    const mention = tables.find((table) => table.reference === reference);
    const found = planned.find(({ relation }) => relationKey(relation) === relationKey(reference));
    if (mention === undefined || found?.relation.kind !== "scan") continue;
    const { relation, newestFirst, feeds } = found;
    const [access, another] = accessesOf(relation.scan);
    const isAwaited = planned.some((other) =>
      other.feeds.some(({ computed }) => computed?.reads.includes(relation.id)),
    );
    const isFree = feeds.length === 0 && waitsFor(relation.scan).length === 0;
    // Bounds are of what is read before.
    const isAlone = (isFree || accessesOf(relation.scan).every(isBounded)) && !isAwaited;
    if (!isAlone || access?.kind !== "list" || (newestOf !== undefined && (!newestFirst || another !== undefined)))
      continue;
    const created = relation.table.columns.find(({ stripeName }) => stripeName === "created")?.path;
    return { kind: "grow", relation: relation.id, limit, wholeTimes: ordersTies ? created : undefined };
  }
  return undefined;
}

/** Where rows come bit by bit, what follows them is asked for with each bit: it cannot wait for all of the keys. */
function withoutWaiting(relation: Relation, strategy: SelectStrategy): Relation {
  if (strategy.kind !== "grow" || relation.kind !== "scan" || relation.scan.kind !== "inexact") return relation;
  const { unkeyed, accesses } = relation.scan;
  if (unkeyed === undefined || accesses.every(isBounded)) return relation;
  const isHeld = accesses.every(({ embeddedAt }) => embeddedAt !== undefined);
  const isKeyed = isHeld || unkeyed.requests === undefined || strategy.limit <= unkeyed.requests;
  return { ...relation, scan: { kind: "inexact", accesses: isKeyed ? accesses : unkeyed.accesses } };
}

function directColumns(
  { block, reference }: RowWiseSelect,
  relation: ScanRelation,
  { dialect }: PlanEnvironment,
): readonly DirectColumn[] | undefined {
  // A PostgreSQL's star means every column that its table has.
  const hasStar = block.items.some(({ isSpread }) => isSpread);
  if (dialect === "postgres" && hasStar && !relation.columns.every(isVisible)) return undefined;
  const alias = (reference.alias ?? reference.name).toLowerCase();
  const columns: DirectColumn[] = [];
  for (const { expression, alias: outputName } of block.items) {
    if (expression.kind === "star" && (expression.table === undefined || expression.table.toLowerCase() === alias)) {
      const visible = relation.columns.filter(isVisible);
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

const isVisible = ({ column }: ScanRelation["columns"][number]): boolean => column.kind === "column" && !column.hidden;
