import type { BuiltInView } from "../catalog/built-in-view.js";
import type {
  Catalog,
  Column,
  Filter,
  Parameter,
  Procedure,
  PseudoColumn,
  Table,
  TableMatch,
} from "../catalog/catalog.js";
import { metricNames, metrics } from "../catalog/metrics/metrics.js";
import type { SystemTable } from "../catalog/system-table.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { RowSource, Tuple } from "../execute/row-source.js";
import { givenRows } from "../execute/row-source.js";
import { heldText } from "../plan/explain-temp-tables.js";
import type { DescribeStatement, ShowStatement } from "../syntax/statement.js";
import { dataType, printDataType } from "../value/data-type.js";
import type { SessionTempTable, SessionTempTables } from "./temp-tables/session-temp-tables.js";
import { timeZoneName } from "./time-zone-setting.js";
import { findBuiltInView } from "./views/built-in-views.js";
import type { SessionView, SessionViews } from "./views/session-views.js";
import type { OwnWrites } from "./write-tables.js";
import { shownWrites } from "./write-tables.js";

export interface MetadataParts {
  readonly catalog: Catalog;
  readonly ownWrites: OwnWrites;
  readonly views: SessionViews;
  readonly tempTables: SessionTempTables;
  /** sys_ tables and those of information_schema. */
  readonly systemTables: readonly SystemTable[];
  readonly notice: (text: string) => void;
}

/** SHOW and DESCRIBE. */
export function metadataRows(
  statement: ShowStatement | DescribeStatement,
  { catalog, ownWrites, views, tempTables, systemTables, notice }: MetadataParts,
): RowSource {
  if (statement.kind === "describe") {
    const found = views.find(statement.name) ?? tempTables.find(statement.name);
    if (found !== undefined) {
      notice(descriptionOf(found));
      return describeQuery(found);
    }
    const builtIn = findBuiltInView(statement.name);
    if (builtIn !== undefined) return describeBuiltIn(builtIn);
    const system = systemTables.find((table) => isNamed(table, statement.name));
    return system === undefined ? describeName(statement, catalog) : describeSystem(system);
  }
  switch (statement.what) {
    case "tables":
      return showTables(catalog, views, tempTables);
    case "views":
      return showViews(views);
    case "procedures":
      return showProcedures(catalog);
    case "writes":
      return shownWrites(ownWrites);
  }
}

/** SHOW TABLES: what there is, and what Stripe lets one do with it. */
function showTables(catalog: Catalog, views: SessionViews, tempTables: SessionTempTables): RowSource {
  const tables = catalog
    .tables()
    .map((table) => [table.schema, table.name, operationsOf(table).join(" "), firstSentence(table.description)]);
  return textRows(
    ["Schema", "Table", "Operations", "Description"],
    [
      ...tables,
      ...metrics.map(({ schema, name, description }) => [schema, name, "SELECT", firstSentence(description)]),
      ...views.all.map((view) => [null, view.name, "SELECT", descriptionOf(view)]),
      ...tempTables.all.map((table) => [null, table.name, "SELECT REFRESH", descriptionOf(table)]),
    ],
  );
}

/** What it is, and its query: "Temp table of this session, 250 rows, read 35 seconds ago: SELECT …". */
function descriptionOf(relation: SessionView | SessionTempTable): string {
  if ("rowCount" in relation) return `Temp table of this session, ${heldText(relation, Date.now())}: ${relation.sql}`;
  return `${relation.isKept ? "Kept view" : "View of this session"}: ${relation.sql}`;
}

/** SHOW VIEWS: what they are called, and what they say. */
function showViews(views: SessionViews): RowSource {
  return textRows(
    ["View", "Kept", "Query"],
    views.all.map(({ name, sql, isKept }) => [name, isKept ? "yes" : "no", sql]),
  );
}

/** DESCRIBE of a view or a temp table: what its query gives. */
function describeQuery({ columns }: Pick<SessionView, "columns">): RowSource {
  return textRows(
    ["Column", "Type", "Nullable", "Writable", "Filter", "References", "Description"],
    columns.map(({ name, type }) => [name, printDataType(type), "yes", "", "", null, ""]),
  );
}

function describeBuiltIn({ columns }: BuiltInView): RowSource {
  return textRows(
    ["Column", "Type", "Nullable", "Writable", "Filter", "References", "Description"],
    columns.map(({ name, type, description }) => [name, type, "yes", "", "", null, description]),
  );
}

const isNamed = (table: SystemTable, { schema, name }: DescribeStatement["name"]): boolean =>
  table.schema === schema?.toLowerCase() && table.name.toLowerCase() === name.toLowerCase();

function describeSystem({ columns }: SystemTable): RowSource {
  return textRows(
    ["Column", "Type", "Nullable", "Writable", "Filter", "References", "Description"],
    columns.map(({ name, type }) => [name, type, "yes", "", "", null, ""]),
  );
}

/** SHOW PROCEDURES: each with the inputs that it requires. */
function showProcedures(catalog: Catalog): RowSource {
  return textRows(
    ["Procedure", "Required", "Description"],
    catalog
      .procedures()
      .map((procedure) => [procedure.name, requiredInputs(procedure).join(", "), firstSentence(procedure.description)]),
  );
}

/** DESCRIBE of a table's columns, or of a procedure's parameters. */
function describeName({ name }: DescribeStatement, catalog: Catalog): RowSource {
  const match = catalog.findTable(name.name, name.schema);
  if (match !== undefined) return describeTable(match);
  const procedure = catalog.findProcedure(name.name);
  if (procedure !== undefined) return describeProcedure(procedure);
  const known = [...catalog.tableNames().map((known) => known.name), ...catalog.procedureNames(), ...metricNames];
  const given = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
  throw new StripeSqlError(`relation or procedure "${given}" does not exist`, {
    sqlState: SqlState.undefinedTable,
    phase: "plan",
    hint: didYouMean(given, known) ?? "SHOW TABLES and SHOW PROCEDURES list them.",
    position: name.position,
  });
}

function describeTable({ table, naming }: TableMatch): RowSource {
  const spelled = (column: Column | PseudoColumn): string => (naming === "sql" ? column.name : column.stripeName);
  const rows = table.columns
    .filter((column) => !column.hidden)
    .map((column) => [
      spelled(column),
      column.type,
      column.nullable ? "yes" : "no",
      writableBy(column),
      filterOf(table, column.name),
      column.references ?? null,
      column.description,
    ]);
  const pseudo = table.pseudoColumns.map((column) => [
    spelled(column),
    column.type,
    "",
    "",
    filterOf(table, column.name) || "=",
    "WHERE only",
    column.description,
  ]);
  return textRows(
    ["Column", "Type", "Nullable", "Writable", "Filter", "References", "Description"],
    [...rows, ...pseudo],
  );
}

function writableBy({ creatable, updatable }: Column): string {
  return [...(creatable ? ["insert"] : []), ...(updatable ? ["update"] : [])].join(" ");
}

const isUsed = ({ superseded, atMost }: Filter): boolean => superseded !== true && atMost === undefined;

/** The comparisons that reach Stripe. */
function filterOf(table: Table, column: string): string {
  const filters = table.lists
    .flatMap((list) => list.filters.filter(isUsed))
    .filter((filter) => filter.column === column);
  const isKey = column === table.primaryKey && table.retrieve !== undefined;
  const isParent = table.lists.some((list) => list.parents.some((parent) => parent.column === column));
  if (filters.some((filter) => filter.operators === "range")) return "= < <= > >=";
  return filters.length > 0 || isKey || isParent ? "= IN" : "";
}

function describeProcedure(procedure: Procedure): RowSource {
  return textRows(
    ["Parameter", "Type", "Required", "Values", "Description"],
    procedure.parameters.map((parameter) => [
      parameter.name,
      parameter.type,
      requiredWhere(parameter, procedure),
      parameter.enumValues?.join(" ") ?? null,
      parameter.description,
    ]),
  );
}

/** A nested parameter is required only where the object around it is given. */
function requiredWhere({ required, path }: Parameter, procedure: Procedure): string {
  if (!required) return "no";
  const around = procedure.parameters.find((other) => other.path.join(".") === path.slice(0, -1).join("."));
  return around === undefined ? "yes" : `with ${around.name}`;
}

function operationsOf(table: Table): readonly string[] {
  const writes = { INSERT: table.create, UPDATE: table.update, DELETE: table.delete };
  return ["SELECT", ...Object.entries(writes).flatMap(([name, endpoint]) => (endpoint === undefined ? [] : [name]))];
}

function requiredInputs(procedure: Procedure): readonly string[] {
  return procedure.parameters
    .filter((parameter) => parameter.required && parameter.path.length === 1)
    .map((parameter) => parameter.name);
}

const firstSentence = (text: string): string => text.split(/(?<=\.)\s/, 1)[0] ?? text;

/** SHOW of a setting: as PostgreSQL does, under its own name. */
export function settingRows(zone: string): RowSource {
  return textRows([timeZoneName], [[zone]]);
}

/** SHOW ALL. */
export function settingsRows(zone: string): RowSource {
  return textRows(["name", "setting", "description"], [[timeZoneName, zone, zoneDescription]]);
}

const zoneDescription = "Time zone in which times are read and written.";

function textRows(names: readonly string[], rows: readonly Tuple[]): RowSource {
  return givenRows(
    names.map((name) => ({ name, type: dataType("VARCHAR") })),
    rows,
  );
}
