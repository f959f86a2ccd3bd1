import type { Column, Naming, PseudoColumn, Table } from "../../catalog/catalog.js";
import { metricNames } from "../../catalog/metrics/metrics.js";
import { postgresNaming } from "../../catalog/postgres-naming.js";
import type { SystemTable } from "../../catalog/system-table.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { PlanEnvironment } from "../environment.js";
import type { TempTable } from "../temp-table.js";

/** What a table's name in a statement means. */
export type RelationTarget =
  | { readonly kind: "table"; readonly table: Table; readonly naming: Naming }
  | { readonly kind: "system"; readonly table: SystemTable }
  | { readonly kind: "temp"; readonly table: TempTable };

export interface RelationName {
  readonly schema: string | undefined;
  readonly name: string;
  readonly position?: number | undefined;
}

/** The same text for all mentions of a table in a statement. */
export const relationKey = (reference: { readonly schema: string | undefined; readonly name: string }): string =>
  `${reference.schema ?? ""}.${reference.name}`.toLowerCase();

/** Schema that the syntax layer redirects information_schema to, so that DuckDB's own is not read. */
const informationSchema = "stripe_information_schema";

/** The table of a name; error 42P01 with the nearest names where there is none. */
export function findRelation(name: RelationName, environment: PlanEnvironment): RelationTarget {
  const system = findSystemTable(name, environment.systemTables);
  if (system !== undefined) return { kind: "system", table: system };
  const temp = findTempTable(name, environment.tempTables);
  if (temp !== undefined) return { kind: "temp", table: temp };
  const match =
    name.schema === informationSchema
      ? undefined
      : environment.catalog.findTable(name.name, schemaOf(name, environment));
  if (match === undefined) throw undefinedTable(name, environment);
  if (environment.dialect !== "postgres") return { kind: "table", ...match };
  return { kind: "table", table: match.table, naming: postgresNaming(match.table, name.name) };
}

/** In PostgreSQL's dialect "sql" is a schema of views over the tables, by their names in SQL. */
function schemaOf({ schema }: RelationName, { dialect }: PlanEnvironment): string | undefined {
  return dialect === "postgres" && schema === "sql" ? undefined : schema;
}

function findSystemTable(name: RelationName, tables: readonly SystemTable[]): SystemTable | undefined {
  const schema = name.schema === informationSchema ? "information_schema" : name.schema;
  return tables.find((table) => table.schema === schema && table.name.toLowerCase() === name.name.toLowerCase());
}

function findTempTable({ schema, name }: RelationName, tables: readonly TempTable[]): TempTable | undefined {
  return schema === undefined ? tables.find((table) => table.name.toLowerCase() === name.toLowerCase()) : undefined;
}

function undefinedTable({ schema, name, position }: RelationName, environment: PlanEnvironment): StripeSqlError {
  const shown = schema === undefined ? name : `${schema === informationSchema ? "information_schema" : schema}.${name}`;
  if (metricNames.includes(shown.toLowerCase())) return viewOutOfPlace(shown, position);
  const names = [
    ...metricNames,
    ...environment.catalog.tableNames().map((table) => (table.schema === "v2" ? `v2.${table.name}` : table.name)),
    ...[...environment.systemTables, ...environment.tempTables].map((table) => table.name),
  ];
  return new StripeSqlError(`relation "${shown}" does not exist`, {
    sqlState: SqlState.undefinedTable,
    phase: "plan",
    hint: didYouMean(shown, names) ?? "SHOW TABLES lists the tables.",
    position,
  });
}

/** Where a query reads it, its own query has taken its place. */
function viewOutOfPlace(shown: string, position: number | undefined): StripeSqlError {
  return new StripeSqlError(`"${shown}" is a view, which stands in queries alone`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: "SELECT reads it; nothing writes to it, as its rows are computed of other tables'.",
    position,
  });
}

/** The column's name as a relation of this naming spells it. */
export function relationColumnName(column: Column | PseudoColumn, naming: Naming): string {
  return naming === "sql" ? column.name : column.stripeName;
}

/** The column or pseudo-column of a name, case-insensitively, in the relation's spelling. */
export function findRelationColumn(target: RelationTarget, name: string): Column | PseudoColumn | undefined {
  if (target.kind !== "table") return undefined;
  const wanted = name.toLowerCase();
  const isWanted = (column: Column | PseudoColumn): boolean =>
    relationColumnName(column, target.naming).toLowerCase() === wanted;
  return target.table.columns.find(isWanted) ?? target.table.pseudoColumns.find(isWanted);
}

/** Every name that a relation's columns go by. */
export function relationColumnNames(target: RelationTarget): readonly string[] {
  if (target.kind !== "table") return target.table.columns.map((column) => column.name);
  return [...target.table.columns, ...target.table.pseudoColumns].map((column) =>
    relationColumnName(column, target.naming),
  );
}

/** Whether a column of the relation, of a table's own or the system's, goes by the name. */
export function hasRelationColumn(target: RelationTarget, name: string): boolean {
  const wanted = name.toLowerCase();
  return relationColumnNames(target).some((candidate) => candidate.toLowerCase() === wanted);
}
