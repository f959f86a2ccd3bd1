import type { Catalog } from "../catalog/catalog.js";
import { metricNames } from "../catalog/metrics/metrics.js";
import type { SystemTable } from "../catalog/system-table.js";
import type { ConnectionDescription } from "./api.js";
import type { Server } from "./open-server.js";
import { unfinishedTexts } from "./unfinished-write.js";
import { findBuiltInView } from "./views/built-in-views.js";
import type { OwnWrites } from "./write-tables.js";

interface DescribedParts extends OwnWrites {
  readonly catalog: Catalog;
  readonly systemTables: readonly SystemTable[];
  readonly server: Pick<Server, "mode" | "apiBase" | "writer">;
}

/** What there is to complete a statement with. */
export function describeDatabase(parts: DescribedParts): ConnectionDescription {
  const { catalog, systemTables, server } = parts;
  return {
    tables: [
      ...catalog.tableNames().map((table) => (table.schema === "v2" ? `v2.${table.name}` : table.name)),
      ...metricNames,
      ...systemTables.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`)),
    ],
    procedures: catalog.procedureNames(),
    columns: (name) => columnsOf(name, catalog, systemTables),
    parameters: (name) => catalog.findProcedure(name)?.parameters.map((parameter) => parameter.name) ?? [],
    mode: server.mode(),
    apiBase: server.apiBase,
    get unfinishedWrites() {
      return unfinishedTexts(parts);
    },
  };
}

function columnsOf(name: string, catalog: Catalog, systemTables: readonly SystemTable[]): readonly string[] {
  const [table = name, schema] = name.split(".").reverse();
  const view = schema === undefined ? undefined : findBuiltInView({ schema, name: table });
  if (view !== undefined) return view.columns.map((column) => column.name);
  const match = catalog.findTable(table, schema);
  if (match === undefined) {
    const system = systemTables.find((candidate) => candidate.name.toLowerCase() === table.toLowerCase());
    return system?.columns.map((column) => column.name) ?? [];
  }
  const columns = [...match.table.columns.filter((column) => !column.hidden), ...match.table.pseudoColumns];
  return columns.map((column) => (match.naming === "sql" ? column.name : column.stripeName));
}
