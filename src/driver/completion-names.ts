import type { Catalog, Column, Naming, Parameter, PseudoColumn, Table, WriteEndpoint } from "../catalog/catalog.js";
import { metrics } from "../catalog/metrics/metrics.js";
import type { SystemTable } from "../catalog/system-table.js";
import type { CompletionColumn, CompletionNames, NamedRelation } from "../completion/names.js";
import type { SqlType } from "../value/sql-type.js";

/** What has a name in a session beside the catalog: its views and temp tables. */
export interface NamedView {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

interface NameSources {
  readonly catalog: Catalog;
  readonly systemTables: readonly SystemTable[];
  readonly views: readonly NamedView[];
}

/** The names that a session's statements may be completed with. */
export function completionNames({ catalog, systemTables, views }: NameSources): CompletionNames {
  return {
    relations: [
      ...catalog.tableNames().map(({ name, schema }) => ({ name, schema: schema === "v2" ? schema : undefined })),
      ...[...metrics, ...systemTables].map(({ schema, name }) => ({ name, schema })),
      ...views.map(({ name }) => ({ name, schema: undefined })),
    ],
    stripeNames: () =>
      catalog.tables().flatMap(({ schema, stripePlural }) => (schema === "stripe" ? [stripePlural] : [])),
    relation: (name, schema) =>
      viewNamed(views, name, schema) ??
      tableNamed(catalog, name, schema) ??
      systemNamed([...metrics, ...systemTables], name, schema),
    procedures: catalog.procedureNames(),
    inputs: (procedure) => catalog.findProcedure(procedure)?.parameters.map((one) => inputOf(one, "sql")) ?? [],
  };
}

function viewNamed(views: readonly NamedView[], name: string, schema: string | undefined): NamedRelation | undefined {
  const view = views.find((one) => schema === undefined && one.name.toLowerCase() === name.toLowerCase());
  return view && readOnly(view.name, view.columns);
}

function systemNamed(
  tables: readonly Pick<SystemTable, "schema" | "name" | "columns">[],
  name: string,
  schema: string | undefined,
): NamedRelation | undefined {
  const table = tables.find(
    (one) => one.name.toLowerCase() === name.toLowerCase() && one.schema?.toLowerCase() === schema?.toLowerCase(),
  );
  return table && readOnly(table.name, table.columns);
}

function readOnly(
  table: string,
  columns: readonly { readonly name: string; readonly type?: unknown }[],
): NamedRelation {
  return { table, columns: columns.map(({ name }) => ({ ...noFacts, name })), insertable: [], updatable: [] };
}

const noFacts = { type: undefined, enumValues: [], isBoolean: false, references: undefined } as const;

function tableNamed(catalog: Catalog, name: string, schema: string | undefined): NamedRelation | undefined {
  const match = catalog.findTable(name, schema);
  if (match === undefined) return undefined;
  const { table, naming } = match;
  const shown = [...table.columns.filter(({ hidden }) => !hidden), ...table.pseudoColumns];
  return {
    table: table.name,
    columns: shown.map((column) => columnOf(column, { table, naming, catalog })),
    insertable: inputsOf(table.create, naming),
    updatable: inputsOf(table.update, naming),
  };
}

interface NamedTable {
  readonly table: Table;
  readonly naming: Naming;
  readonly catalog: Catalog;
}

function columnOf(column: Column | PseudoColumn, { table, naming, catalog }: NamedTable): CompletionColumn {
  const name = naming === "sql" ? column.name : column.stripeName;
  const referenced = column.kind === "column" && column.references !== undefined ? column.references : undefined;
  const key = referenced === undefined ? undefined : keyOf(catalog, referenced, table.schema, naming);
  const references = referenced === undefined || key === undefined ? undefined : { table: referenced, column: key };
  return { ...factsOf(column), name, references };
}

function keyOf(catalog: Catalog, name: string, schema: string, naming: Naming): string | undefined {
  const table = catalog.findTable(name, schema)?.table;
  const key = table?.columns.find((column) => column.name === table.primaryKey);
  return naming === "sql" ? key?.name : key?.stripeName;
}

function inputsOf(endpoint: WriteEndpoint | undefined, naming: Naming): readonly CompletionColumn[] {
  return endpoint?.parameters.filter(({ location }) => location === "body").map((one) => inputOf(one, naming)) ?? [];
}

function inputOf(parameter: Parameter, naming: Naming): CompletionColumn {
  const name = naming === "sql" ? parameter.name : parameter.path.join("_");
  return { ...factsOf(parameter), name, references: undefined };
}

function factsOf({ type, enumValues }: { readonly type: SqlType; readonly enumValues: readonly string[] | undefined }) {
  return { type, enumValues: enumValues ?? [], isBoolean: type === "BOOLEAN" };
}
