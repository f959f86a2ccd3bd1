import { afterAll } from "vitest";
import type { Catalog, Column, Filter, ListEndpoint, Procedure, Table } from "../../src/catalog/catalog.js";
import { openCatalog } from "../../src/store/open-catalog.js";
import { testFolder } from "../support/folder.js";

/** A catalog compiled for this test file alone, so that no file of an earlier compiler is read. */
export function freshCatalog(): Catalog {
  const catalog = openCatalog({ cachePath: testFolder().path });
  afterAll(() => catalog.close());
  return catalog;
}

export function tableNamed(catalog: Catalog, name: string, schema?: string): Table {
  const match = catalog.findTable(name, schema);
  if (match === undefined) throw new Error(`no table ${name}`);
  return match.table;
}

export function columnNamed(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`no column ${table.name}.${name}`);
  return column;
}

export function listAt(table: Table, path: string): ListEndpoint {
  const list = table.lists.find((candidate) => candidate.path === path);
  if (list === undefined) throw new Error(`${table.name} is not listed at ${path}`);
  return list;
}

export function filterOf(table: Table, parameter: string): Filter | undefined {
  return table.lists.flatMap((list) => list.filters).find((filter) => filter.parameter === parameter);
}

export function procedureNamed(catalog: Catalog, name: string): Procedure {
  const procedure = catalog.findProcedure(name);
  if (procedure === undefined) throw new Error(`no procedure ${name}`);
  return procedure;
}
