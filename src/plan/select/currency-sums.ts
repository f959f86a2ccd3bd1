import type { Column } from "../../catalog/catalog.js";
import type { Expression, Query, SelectBlock } from "../../syntax/expression.js";
import { columnNodes, operandsOf } from "../../syntax/walk-expression.js";
import { blocksOf, expressionsOf } from "../../syntax/walk-query.js";
import type { BoundTable } from "../names/bind-query.js";
import { leavesOf } from "../names/join-tree.js";
import { findRelationColumn, relationKey } from "../names/relation.js";
import type { FromLeaf } from "../names/scope.js";

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
export function currencySums(query: Query, tables: readonly BoundTable[]): readonly CurrencySum[] {
  if (!tables.some(({ target }) => target.kind === "table" && currencyOf(target.table.columns) !== undefined))
    return [];
  const expressions = expressionsOf(query);
  if (expressions.some(fixesCurrency)) return [];
  const inExpressions = expressions.flatMap((expression) => ("query" in expression ? blocksOf(expression.query) : []));
  const blocks = [...blocksOf(query), ...inExpressions];
  return blocks.flatMap((block) => sumsOf(block, new Origins(blocks, tables)));
}

function sumsOf(block: SelectBlock, origins: Origins): readonly CurrencySum[] {
  const groups = groupExpressions(block);
  if (groups.some(namesCurrency)) return [];
  const clauses = [block.having, block.qualify, ...block.orderBy.map(({ expression }) => expression)];
  const read = [...block.items.map(({ expression }) => expression), ...clauses];
  return read
    .flatMap((expression) => aggregatesIn(expression))
    .flatMap((call) => {
      const [added] = call.arguments;
      const amount = added && !mindsCurrency(added) ? origins.amountIn(added, block) : undefined;
      if (amount === undefined) return [];
      const { table, column, isDirect } = amount;
      const keys = groups.flatMap((group) => origins.columnOf(group, table) ?? []);
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

/** GROUP BY's expressions, those that it names by place or alias too; of GROUP BY ALL, the items without aggregates. */
function groupExpressions({ groupBy, items }: SelectBlock): readonly Expression[] {
  return groupBy.flatMap((group): readonly Expression[] => {
    if (group.kind === "other" && group.operands.length === 0)
      return items.map(({ expression }) => expression).filter((expression) => aggregatesIn(expression).length === 0);
    if (group.kind === "literal" && group.value.type === "number")
      return items.slice(Number(group.value.text) - 1, Number(group.value.text)).map(({ expression }) => expression);
    const named = group.kind === "column" ? items.find(({ alias }) => isSame(alias, group.name)) : undefined;
    return named === undefined ? [group] : [group, named.expression];
  });
}

const isSame = (name: string | undefined, other: string): boolean => name?.toLowerCase() === other.toLowerCase();
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

function isAmount({ name, type }: Column): boolean {
  if ((type !== "BIGINT" && type !== "DECIMAL") || ofOtherCurrency.test(name)) return false;
  return /(Amount|Subtotal|Total|Balance|Fees?|Net|Tax)(?![a-z])/.test(name) && !/(Count|Number)$/.test(name);
}

const currencyOf = (columns: readonly Column[]): Column | undefined =>
  columns.find(({ name, type }) => name === "Currency" && type === "VARCHAR");

interface Amount {
  readonly table: Pick<CurrencySum, "relation" | "currency">;
  readonly column: Column;
  /** False where it comes out of a query in between. */
  readonly isDirect: boolean;
}

/** Tells which table's column a name of a block means, through common tables and subqueries. */
class Origins {
  private readonly bound: ReadonlyMap<unknown, BoundTable>;
  private readonly common: ReadonlyMap<string, Query>;

  constructor(blocks: readonly SelectBlock[], tables: readonly BoundTable[]) {
    this.bound = new Map(tables.map((table) => [table.reference, table]));
    this.common = new Map(
      blocks.flatMap(({ ctes }) => ctes.map((table) => [table.name.toLowerCase(), table.query] as const)),
    );
  }

  /** The first amount among an expression's columns. */
  amountIn(expression: Expression, block: SelectBlock, seen: readonly SelectBlock[] = []): Amount | undefined {
    for (const node of columnNodes(expression)) {
      const found = this.#amountOf(node, block, [...seen, block]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The column of a table that an expression is. */
  columnOf(expression: Expression, { relation }: Amount["table"]): Column | undefined {
    if (expression.kind !== "column") return undefined;
    const table = [...this.bound.values()].find(({ reference }) => relationKey(reference) === relation);
    const column = table && findRelationColumn(table.target, expression.name);
    return column?.kind === "column" ? column : undefined;
  }

  #amountOf(node: ColumnNode, block: SelectBlock, seen: readonly SelectBlock[]): Amount | undefined {
    for (const leaf of leavesOf(block.from)) {
      const alias = leaf.alias ?? (leaf.kind === "table" ? leaf.name : "");
      const found =
        node.table === undefined || isSame(alias, node.table) ? this.#amountIn(leaf, node, seen) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #amountIn(leaf: FromLeaf, node: ColumnNode, seen: readonly SelectBlock[]): Amount | undefined {
    const table = this.bound.get(leaf);
    if (table !== undefined) return amountOf(table, node);
    const query = leaf.kind === "derived" ? leaf.query : leaf.kind === "table" ? this.#commonTable(leaf) : undefined;
    return query && this.#amountNamed(node.name, query, seen);
  }

  #commonTable({ schema, name }: { readonly schema: string | undefined; readonly name: string }): Query | undefined {
    return schema === undefined ? this.common.get(name.toLowerCase()) : undefined;
  }

  #amountNamed(name: string, query: Query, seen: readonly SelectBlock[]): Amount | undefined {
    if (query.kind === "set-operation") return this.#amountNamed(name, query.left, seen);
    if (seen.includes(query)) return undefined;
    const item = query.items.find(({ alias, expression }) =>
      isSame(alias ?? (expression.kind === "column" ? expression.name : undefined), name),
    );
    const star = query.items.some(({ expression }) => expression.kind === "star");
    const node: ColumnNode = { kind: "column", table: undefined, name, quoted: true, position: undefined };
    const read = item?.expression ?? (star ? node : undefined);
    const found = read && this.amountIn(read, query, seen);
    return found && { ...found, isDirect: false };
  }
}

function amountOf({ target, reference }: BoundTable, { name }: ColumnNode): Amount | undefined {
  const column = findRelationColumn(target, name);
  const currency = target.kind === "table" ? currencyOf(target.table.columns) : undefined;
  if (currency === undefined || column?.kind !== "column" || !isAmount(column)) return undefined;
  return { table: { relation: relationKey(reference), currency }, column, isDirect: true };
}
