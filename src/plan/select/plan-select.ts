import type { SelectStatement } from "../../syntax/statement.js";
import { distinctRelations } from "../access/access-key.js";
import type { Scanned } from "../access/scan.js";
import type { PlanEnvironment } from "../environment.js";
import type { BoundQuery } from "../names/bind-query.js";
import { bindQuery } from "../names/bind-query.js";
import { wholeNumber } from "../predicate/constant.js";
import { currencySums } from "./currency-sums.js";
import { outputHeadings } from "./output-headings.js";
import type { PlannedRelation } from "./plan-relations.js";
import { planRelations } from "./plan-relations.js";
import type { RowWiseSelect } from "./row-wise.js";
import { rowWiseSelect } from "./row-wise.js";
import type { DirectColumn, Relation, ScanRelation, SelectPlan, SelectStrategy } from "./select-plan.js";
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
  const planned = planRelations({ query, environment, rowWise });
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
  const limit = wholeNumber(block.limit, environment.constants);
  const offset = block.offset === undefined ? 0 : wholeNumber(block.offset, environment.constants);
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
