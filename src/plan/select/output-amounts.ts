import type { Column } from "../../catalog/catalog.js";
import { metrics } from "../../catalog/metrics/metrics.js";
import { viewKey } from "../../syntax/expand-views.js";
import type { Query, SelectItem } from "../../syntax/expression.js";
import type { PlanEnvironment } from "../environment.js";
import { aliasOf, leavesOf } from "../names/join-tree.js";
import { findRelation, findRelationColumn, relationColumnName } from "../names/relation.js";
import type { FromLeaf } from "../names/scope.js";
import { currencyOf, isAmount } from "./currency-sums.js";

/** A column of a result that holds amounts in minor units, and the one that holds their rows' currencies: lower-case headings. */
export interface OutputAmount {
  readonly amount: string;
  readonly currency: string;
}

/**
 * The amounts in a result: columns of tables and of built-in views, and what aggregates choose or add up of them. A column
 * that is computed otherwise is none, nor is one of a derived table; the currency has to be a column of the same table's,
 * which beside an aggregate it only can be where the rows are grouped by it.
 */
export function outputAmounts(query: Query, environment: PlanEnvironment): readonly OutputAmount[] {
  const tables = query.kind === "set-operation" ? undefined : readTables(query, environment);
  if (query.kind === "set-operation" || tables === undefined) return [];
  const outputs = query.items.flatMap((item) => outputsOf(item, tables));
  const currencies = outputs.filter(({ role }) => role === "currency");
  return outputs.flatMap(({ role, name, table }) => {
    const currency = role === "amount" ? currencies.find((one) => one.table === table) : undefined;
    return currency === undefined ? [] : [{ amount: name, currency: currency.name }];
  });
}

type Role = "amount" | "currency" | undefined;

/** What FROM reads, as far as amounts go. */
interface ReadTable {
  readonly alias: string;
  /** What `*` gives. */
  readonly columns: readonly { readonly name: string; readonly role: Role }[];
  /** Undefined where it has no such column. */
  find(name: string): { readonly role: Role } | undefined;
}

/** Undefined where FROM reads something else too. */
function readTables(
  { ctes, from }: Extract<Query, { kind: "select" }>,
  environment: PlanEnvironment,
): readonly ReadTable[] | undefined {
  const common = new Set(ctes.map(({ name }) => name.toLowerCase()));
  const leaves = leavesOf(from);
  const tables = leaves.flatMap((leaf) => {
    if (leaf.kind !== "table" || leaf.columns.length > 0) return [];
    if (leaf.schema !== undefined || !common.has(leaf.name.toLowerCase())) return catalogTable(leaf, environment) ?? [];
    return viewsByKey.get(leaf.name.toLowerCase())?.(leaf) ?? [];
  });
  return tables.length === leaves.length ? tables : undefined;
}

type TableLeaf = Extract<FromLeaf, { kind: "table" }>;

function catalogTable(leaf: TableLeaf, environment: PlanEnvironment): ReadTable | undefined {
  const target = findRelation(leaf, environment);
  if (target.kind !== "table") return undefined;
  const currency = currencyOf(target.table.columns);
  const roleOf = (column: Column): Role => {
    if (currency === undefined) return undefined;
    return column === currency ? "currency" : isAmount(column) ? "amount" : undefined;
  };
  return {
    alias: aliasOf(leaf),
    columns: target.table.columns
      .filter(({ hidden }) => !hidden)
      .map((column) => ({ name: relationColumnName(column, target.naming), role: roleOf(column) })),
    find: (name) => {
      const column = findRelationColumn(target, name);
      return column?.kind === "column" ? { role: roleOf(column) } : undefined;
    },
  };
}

/** A built-in view is a common table by the time that it is planned: `FROM "metrics.mrr" AS mrr`. */
const viewsByKey: ReadonlyMap<string, (leaf: TableLeaf) => ReadTable> = new Map(
  metrics.map((view) => {
    const columns = view.columns.map(({ name, isAmount: isOne }) => {
      const role: Role = isOne === true ? "amount" : name === "currency" ? "currency" : undefined;
      return { name, role };
    });
    const find = (name: string) => columns.find((column) => column.name === name.toLowerCase());
    return [viewKey(view), (leaf) => ({ alias: aliasOf(leaf), columns, find })];
  }),
);

interface Output {
  readonly role: Role;
  /** In lower case. */
  readonly name: string;
  readonly table: ReadTable;
}

/** Aggregates whose value is an amount where their first argument is one. */
const keepingUnit = new Set("sum avg mean median min max first last any_value arbitrary".split(" "));

function outputsOf({ expression, alias, heading }: SelectItem, tables: readonly ReadTable[]): readonly Output[] {
  if (expression.kind === "star") {
    const wanted = expression.table?.toLowerCase();
    return tables
      .filter((table) => wanted === undefined || table.alias === wanted)
      .flatMap((table) => table.columns.map(({ name, role }) => ({ role, name: name.toLowerCase(), table })));
  }
  const call =
    expression.kind === "call" && keepingUnit.has(expression.name) && !expression.window ? expression : undefined;
  const read = call === undefined ? expression : call.arguments[0];
  if (read?.kind !== "column") return [];
  const found = tables.flatMap((table) => {
    const isMeant = read.table === undefined || read.table.toLowerCase() === table.alias;
    const column = isMeant ? table.find(read.name) : undefined;
    return column === undefined ? [] : [{ role: column.role, table }];
  });
  const [only, another] = found;
  if (only === undefined || another !== undefined) return [];
  if (call !== undefined && only.role === "currency") return [];
  const name = alias ?? (call === undefined ? read.name : (heading ?? call.name));
  return [{ ...only, name: name.toLowerCase() }];
}
