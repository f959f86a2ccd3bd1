import type { Column } from "../../catalog/catalog.js";
import type { Expression, Query } from "../../syntax/expression.js";
import { columnNodes, operandsOf } from "../../syntax/walk-expression.js";
import { expressionsOf } from "../../syntax/walk-query.js";
import type { PlanEnvironment } from "../environment.js";
import type { BoundBlock, BoundQuery, BoundTable } from "../names/bound-query.js";
import type { ColumnOrigin } from "../names/column-origin.js";
import { originOf } from "../names/column-origin.js";
import { keysOfGroups } from "../names/group-keys.js";
import { leavesOf } from "../names/join-tree.js";
import type { RelationTarget } from "../names/relation.js";
import { findRelationColumn, relationKey } from "../names/relation.js";
import type { ColumnSource } from "../predicate/predicate.js";

/** An aggregate that adds amounts of a table whose rows each have a currency of their own. */
export interface CurrencySum {
  /** Key of the table's relation: `relationKey`. */
  readonly relation: string;
  /** "sum(Amount)" */
  readonly shown: string;
  readonly currency: Column;
  /** What the table's rows are grouped by, as far as those are its columns. */
  readonly groups: readonly Column[];
  /** True where all that is read of the table is added up, in those groups. */
  readonly isCertain: boolean;
}

type ColumnNode = Extract<Expression, { kind: "column" }>;
type Call = Extract<Expression, { kind: "call" }>;

/**
 * The aggregates of a query that may add amounts of several currencies: those that are not grouped by Currency, where
 * no condition fixes it. Whether there are several, the rows tell.
 */
export function currencySums(
  query: Query,
  { tables, blocks }: Pick<BoundQuery, "tables" | "blocks">,
  environment: PlanEnvironment,
): readonly CurrencySum[] {
  if (!tables.some(({ target }) => target.kind === "table" && currencyOf(target.table.columns) !== undefined))
    return [];
  const expressions = expressionsOf(query);
  if (expressions.some(fixesCurrency)) return [];
  return blocks.flatMap((block) => sumsOf(block, { tables, environment }));
}

function sumsOf(bound: BoundBlock, context: SumContext): readonly CurrencySum[] {
  const { block } = bound;
  const groups = keysOfGroups(block);
  if (groups.some(namesCurrency)) return [];
  const clauses = [block.having, block.qualify, ...block.orderBy.map(({ expression }) => expression)];
  const read = [...block.items.map(({ expression }) => expression), ...clauses];
  return read
    .flatMap((expression) => aggregatesIn(expression))
    .flatMap((call) => {
      const [added] = call.arguments;
      const amount = added && !mindsCurrency(added) ? amountIn(added, bound, context) : undefined;
      if (amount === undefined) return [];
      const { table, column, isDirect } = amount;
      const keys = groups.flatMap((group) => columnOf(group, table, context) ?? []);
      const isWhole = isDirect && leavesOf(block.from).length === 1 && keys.length === groups.length && !call.window;
      return [{ ...table, shown: `${call.name}(${column.name})`, groups: keys, isCertain: isWhole }];
    });
}

const adding = new Set(["sum", "avg", "mean"]);

/** Not those of a window that Currency parts. */
function aggregatesIn(expression: Expression | undefined): readonly Call[] {
  if (expression === undefined) return [];
  if (expression.kind === "call" && adding.has(expression.name)) return [expression];
  const operands = operandsOf(expression);
  const [first, ...clauses] = operands;
  const isOfWindow = expression.kind === "other" && first?.kind === "call" && adding.has(first.name);
  return isOfWindow && clauses.some(namesCurrency) ? [] : operands.flatMap(aggregatesIn);
}

const isCurrency = ({ name }: ColumnNode): boolean => /currency$/i.test(name);
const namesCurrency = (expression: Expression): boolean => columnNodes(expression).some(isCurrency);

/** Other than by `money(Amount, Currency)`, whose amounts are of several currencies still. */
function mindsCurrency(expression: Expression): boolean {
  if (expression.kind === "column") return isCurrency(expression);
  const operands = operandsOf(expression);
  const isMoney = expression.kind === "call" && expression.name === "money";
  return (isMoney ? operands.slice(0, 1) : operands).some(mindsCurrency);
}

/** `Currency = 'usd'`, anywhere: who writes it knows that there are others. */
function fixesCurrency(expression: Expression): boolean {
  const isEquality =
    (expression.kind === "comparison" && expression.operator === "=") ||
    (expression.kind === "in" && !expression.negated && expression.items.length === 1);
  if (!isEquality) return false;
  const operands = operandsOf(expression);
  return operands.some(namesCurrency) && operands.some((operand) => columnNodes(operand).length === 0);
}

/** Fields of an amount in another currency than the object's. */
const ofOtherCurrency = /^(Presentment|Merchant|PendingRequestMerchant)/;

/** A column of amounts in the minor unit of the currency of its row. */
export function isAmount({ name, type }: Column): boolean {
  if ((type !== "BIGINT" && type !== "DECIMAL") || ofOtherCurrency.test(name)) return false;
  return /(Amount|Subtotal|Total|Balance|Fees?|Net|Tax)(?![a-z])/.test(name) && !/(Count|Number)$/.test(name);
}

/** The currency of a table's rows. */
export const currencyOf = (columns: readonly Column[]): Column | undefined =>
  columns.find(({ name, type }) => name === "Currency" && type === "VARCHAR");

interface Amount {
  readonly table: Pick<CurrencySum, "relation" | "currency">;
  readonly column: Column;
  /** False where it comes out of a query in between. */
  readonly isDirect: boolean;
}

interface SumContext {
  readonly tables: readonly BoundTable[];
  readonly environment: PlanEnvironment;
}

/** The first amount among an expression's columns, and those that they are computed of. */
function amountIn(
  expression: Expression,
  { block, ctes }: BoundBlock,
  { tables, environment }: SumContext,
): Amount | undefined {
  const amountAt = (origin: ColumnOrigin | undefined): Amount | undefined => {
    const source = origin?.kind === "column" ? origin.source : undefined;
    const found = source && tables.find(({ reference }) => relationKey(reference) === source.relation);
    const isDirect = leavesOf(block.from).some((leaf) => leaf === found?.reference);
    return source && found && amountOf(found.target, { ...source, isDirect });
  };
  const context = { ctes, environment, accepts: (origin: ColumnOrigin) => amountAt(origin) !== undefined };
  for (const node of columnNodes(expression)) {
    const amount = amountAt(originOf(node, block, context));
    if (amount !== undefined) return amount;
  }
  return undefined;
}

function amountOf(
  target: RelationTarget,
  { relation, column: name, isDirect }: ColumnSource & Pick<Amount, "isDirect">,
): Amount | undefined {
  const column = findRelationColumn(target, name);
  const currency = target.kind === "table" ? currencyOf(target.table.columns) : undefined;
  if (currency === undefined || column?.kind !== "column" || !isAmount(column)) return undefined;
  return { table: { relation, currency }, column, isDirect };
}

/** The column of a table that an expression is. */
function columnOf(expression: Expression, { relation }: Amount["table"], { tables }: SumContext): Column | undefined {
  if (expression.kind !== "column") return undefined;
  const table = tables.find(({ reference }) => relationKey(reference) === relation);
  const column = table && findRelationColumn(table.target, expression.name);
  return column?.kind === "column" ? column : undefined;
}
