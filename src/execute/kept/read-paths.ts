import type { Column, PseudoColumn, Table } from "../../catalog/catalog.js";
import { relationKey } from "../../plan/names/relation.js";
import type { Access, Scanned } from "../../plan/scan/scan.js";
import { accessesOf } from "../../plan/scan/scan.js";
import type { CurrencySum } from "../../plan/select/currency-sums.js";
import type { ScanRelation, SelectPlan } from "../../plan/select/select-plan.js";
import { scannedOf, scanRelations } from "../../plan/select/select-plan.js";

/** Keys to the fields of a table's objects that a statement reads. */
export type ReadPaths = (table: Table) => readonly (readonly string[])[];

/** Those of the columns of its SQL, and of what its other requests take from the objects. Reckoned when first asked for. */
export function readPathsOf(plan: SelectPlan): ReadPaths {
  let paths: ReturnType<typeof pathsByTable> | undefined;
  return (table) => {
    paths ??= pathsByTable(plan);
    return paths.get(table) ?? [];
  };
}

function pathsByTable(plan: SelectPlan): ReadonlyMap<Table, readonly (readonly string[])[]> {
  const scanned = scannedOf(plan);
  const read = [
    ...scanRelations(plan).flatMap((relation) => relation.columns.map(({ column }) => fieldOf(relation.table, column))),
    ...scanned.flatMap(({ scan }) => accessesOf(scan).flatMap((access) => takenBy(access, scanned))),
    ...plan.currencySums.flatMap((sum) => watchedBy(sum, scanRelations(plan))),
  ];
  const paths = new Map<Table, (readonly string[])[]>();
  for (const field of read) {
    if (field === undefined) continue;
    const known = paths.get(field.table);
    if (known === undefined) paths.set(field.table, [field.path]);
    else known.push(field.path);
  }
  return paths;
}

interface TableField {
  readonly table: Table;
  readonly path: readonly string[];
}

/** Undefined for what the objects do not hold. */
function fieldOf(table: Table, column: Column | PseudoColumn | undefined): TableField | undefined {
  return column?.kind === "column" ? { table, path: column.path } : undefined;
}

/** Of the objects of the relations that it is bound to: the values, the conditions on them, and what they hold of its rows. */
function takenBy({ bindings, embeddedAt }: Access, scanned: readonly Scanned[]): readonly (TableField | undefined)[] {
  return bindings.flatMap(({ source }) => {
    const table = scanned.find(({ id }) => id === source.relation)?.table;
    if (table === undefined) return [];
    const column = table.columns.find(({ name }) => name === source.column);
    const paths = [...(source.only ?? []).map(({ path }) => path), ...(embeddedAt === undefined ? [] : [embeddedAt])];
    return [fieldOf(table, column), ...paths.map((path) => ({ table, path }))];
  });
}

function watchedBy(
  { relation: key, currency, groups }: CurrencySum,
  relations: readonly ScanRelation[],
): readonly (TableField | undefined)[] {
  const table = relations.find((relation) => relationKey(relation) === key)?.table;
  return table === undefined ? [] : [currency, ...groups].map((column) => fieldOf(table, column));
}

/** Whether one leads to the other, or both to the same. */
export function arePathsOfOneField(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((key, index) => key === other[index]);
}
