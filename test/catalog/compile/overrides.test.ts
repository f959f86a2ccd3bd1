import { describe, expect, test } from "vitest";
import * as overrides from "../../../src/catalog/compile/overrides.js";
import { anonymousPath } from "../../../src/catalog/compile/path-template.js";
import { searchFields } from "../../../src/catalog/compile/search-fields.js";
import { filterOf, freshCatalog, tableNamed } from "../fresh-catalog.js";

const catalog = freshCatalog();
const tables = catalog.tables();
const tableOfPath = new Map(tables.flatMap((table) => table.lists.map((list) => [anonymousPath(list.path), table])));

/** An override that no longer meets what it corrects would silently do nothing after an upgrade of the SDK. */
describe("every override still meets what it corrects:", () => {
  test.each([
    ["separateNestedLists", [...overrides.separateNestedLists]],
    ["baseParameters", Object.keys(overrides.baseParameters)],
    ["partitions", Object.keys(overrides.partitions)],
    ["supersededParameters", Object.keys(overrides.supersededParameters)],
    ["excludedParameters", Object.keys(overrides.excludedParameters)],
    ["filteredFields", Object.keys(overrides.filteredFields)],
    ["inexactParameters", Object.keys(overrides.inexactParameters)],
    ["companions", Object.keys(overrides.companions)],
    ["unorderedLists", [...overrides.unorderedLists]],
  ])("%s name lists that there are", (_, paths) => {
    expect(paths.filter((path) => !tableOfPath.has(path))).toEqual([]);
  });

  test("filters that are inexact, have companions or lie elsewhere are filters of their list", () => {
    const named = [overrides.inexactParameters, overrides.companions, overrides.filteredFields].flatMap((entries) =>
      Object.entries(entries).flatMap(([path, parameters]) =>
        (Array.isArray(parameters) ? parameters : Object.keys(parameters)).map((parameter: string) => ({
          path,
          parameter,
        })),
      ),
    );
    const missing = named.filter(({ path, parameter }) => {
      const table = tableOfPath.get(path);
      return table === undefined || filterOf(table, parameter) === undefined;
    });
    expect(missing).toEqual([]);
  });

  test("fields of filters that lie elsewhere are columns", () => {
    expect(filterOf(tableNamed(catalog, "BillingAlert"), "meter")).toMatchObject({
      column: "UsageThresholdMeter",
      pseudo: false,
    });
    for (const [path, fields] of Object.entries(overrides.filteredFields)) {
      for (const parameter of Object.keys(fields)) {
        expect(filterOf(tableOfPath.get(path) ?? tableNamed(catalog, ""), parameter)?.pseudo, path).toBe(false);
      }
    }
  });

  test("includable fields are columns marked so", () => {
    for (const [table, fields] of Object.entries(overrides.includableFields)) {
      const columns = tableNamed(catalog, table).columns;
      for (const field of fields) {
        const held = columns.filter((column) => `${column.path.join(".")}.`.startsWith(`${field}.`));
        expect(held.length, `${table}.${field}`).toBeGreaterThan(0);
        expect(held.every((column) => column.includable)).toBe(true);
      }
    }
  });

  test("expanded fields are hidden columns beside those of the ids", () => {
    for (const [table, fields] of Object.entries(overrides.expandedFields)) {
      const { columns } = tableNamed(catalog, table);
      for (const [name, { field, expand }] of Object.entries(fields)) {
        const own = columns.find((column) => column.path.join(".") === field && !column.hidden);
        expect(own, `${table}.${field}`).toMatchObject({ type: "JSON", includable: false });
        const expanded = columns.find(({ stripeName }) => stripeName === name);
        expect(expanded).toMatchObject({ hidden: true, includable: true, includePath: expand, path: own?.path });
      }
    }
  });

  test("procedures with names and inputs of their own are there", () => {
    const methods = catalog.procedures().map((procedure) => procedure.sdkMethod);
    expect(methods).toEqual(expect.arrayContaining(Object.keys(overrides.procedureNames)));
    expect(methods).toEqual(expect.arrayContaining(Object.keys(overrides.procedureInputs)));
  });

  test("fields of Search are columns of their table", () => {
    for (const [table, fields] of Object.entries(searchFields)) {
      expect(
        tableNamed(catalog, table).search?.fields.map(({ field }) => field),
        table,
      ).toEqual(fields.map(([field]) => field));
    }
  });
});
