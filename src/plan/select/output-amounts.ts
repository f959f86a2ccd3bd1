import type { Column } from "../../catalog/catalog.js";
import type { Query, SelectItem, TableReference } from "../../syntax/expression.js";
import type { PlanEnvironment } from "../environment.js";
import { aliasOf, leavesOf } from "../names/join-tree.js";
import type { RelationTarget } from "../names/relation.js";
import { findRelation, findRelationColumn, relationColumnName } from "../names/relation.js";
import { currencyOf, isAmount } from "./currency-sums.js";

/** A column of a result that holds amounts in minor units, and the one that holds their rows' currencies: lower-case headings. */
export interface OutputAmount {
  readonly amount: string;
  readonly currency: string;
}

/**
 * The amounts in a result: columns of tables, and what aggregates choose or add up of them. A column that is computed
 * otherwise is none, nor is one of a derived table; the currency has to be a column of the same table's, which beside an
 * aggregate it only can be where the rows are grouped by it.
 */
export function outputAmounts(query: Query, environment: PlanEnvironment): readonly OutputAmount[] {
  const leaves = query.kind === "set-operation" ? undefined : namedTables(query, environment);
  if (query.kind === "set-operation" || leaves === undefined) return [];
  const outputs = query.items.flatMap((item) => outputsOf(item, leaves));
  const currencies = outputs.filter(({ role }) => role === "currency");
  return outputs.flatMap(({ role, name, alias }) => {
    const currency = role === "amount" ? currencies.find((one) => one.alias === alias) : undefined;
    return currency === undefined ? [] : [{ amount: name, currency: currency.name }];
  });
}

interface NamedTable {
  readonly alias: string;
  readonly target: Extract<RelationTarget, { kind: "table" }>;
}

/** What FROM reads; undefined where that is something other than tables too. */
function namedTables(
  { ctes, from }: Extract<Query, { kind: "select" }>,
  environment: PlanEnvironment,
): readonly NamedTable[] | undefined {
  const isTable = (name: TableReference) =>
    name.columns.length === 0 &&
    (name.schema !== undefined || !ctes.some((common) => common.name.toLowerCase() === name.name.toLowerCase()));
  const leaves = leavesOf(from);
  const tables = leaves.flatMap((leaf) => {
    const target = leaf.kind === "table" && isTable(leaf) ? findRelation(leaf, environment) : undefined;
    return target?.kind === "table" ? [{ alias: aliasOf(leaf), target }] : [];
  });
  return tables.length === leaves.length ? tables : undefined;
}

interface Output {
  readonly role: "amount" | "currency";
  readonly name: string;
  readonly alias: string;
}

/** Aggregates whose value is an amount where their first argument is one. */
const keepingUnit = new Set("sum avg mean median min max first last any_value arbitrary".split(" "));

function outputsOf({ expression, alias, heading }: SelectItem, tables: readonly NamedTable[]): readonly Output[] {
  if (expression.kind === "star") {
    const wanted = expression.table?.toLowerCase();
    return tables
      .filter((table) => wanted === undefined || table.alias === wanted)
      .flatMap(({ alias: of, target }) =>
        target.table.columns
          .filter(({ hidden }) => !hidden)
          .flatMap((column) => outputOf(column, { name: relationColumnName(column, target.naming), of, target })),
      );
  }
  const call =
    expression.kind === "call" && keepingUnit.has(expression.name) && !expression.window ? expression : undefined;
  const read = call === undefined ? expression : call.arguments[0];
  if (read?.kind !== "column") return [];
  const found = tables.flatMap(({ alias: of, target }) => {
    const isMeant = read.table === undefined || read.table.toLowerCase() === of;
    const column = isMeant ? findRelationColumn(target, read.name) : undefined;
    return column?.kind === "column" ? [{ column, of, target }] : [];
  });
  const [only, another] = found;
  if (only === undefined || another !== undefined) return [];
  const name = alias ?? (call === undefined ? read.name : (heading ?? call.name));
  return outputOf(only.column, { name, ...only }).filter(({ role }) => role === "amount" || call === undefined);
}

function outputOf(
  column: Column,
  { name, of, target }: { readonly name: string; readonly of: string; readonly target: NamedTable["target"] },
): readonly Output[] {
  const currency = currencyOf(target.table.columns);
  if (currency === undefined) return [];
  const output = { name: name.toLowerCase(), alias: of };
  if (column === currency) return [{ role: "currency", ...output }];
  return isAmount(column) ? [{ role: "amount", ...output }] : [];
}
