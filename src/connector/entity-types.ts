import type { Catalog, Column, Table } from "../catalog/catalog.js";
import type { JsonObject } from "../value/json.js";
import type { EntityType, Field, ListEntityTypesOutput } from "./connector.js";
import { dataTypeOf, valueSchema } from "./data-type.js";
import { entityName, entityTable, operationsOf } from "./entity-table.js";
import type { CheckedPage } from "./input-schemas.js";
import { defaultSortBy } from "./list-entities.js";
import { pageOfNames } from "./page-of-names.js";

export function listEntityTypes(page: CheckedPage, catalog: Catalog): ListEntityTypesOutput {
  const { names, nextPageToken } = pageOfNames(catalog.tableNames().map(entityName), page, "entity types");
  return { types: names.map((entity) => getEntityType({ entity }, catalog)), nextPageToken };
}

export function getEntityType({ entity }: { readonly entity: string }, catalog: Catalog): EntityType {
  const table = entityTable(entity, catalog);
  const columns = table.columns.filter(({ hidden }) => !hidden);
  return {
    name: entityName(table),
    fields: columns.map((column) => field(column, table)),
    jsonSchema: objectSchema(columns),
    operations: operationsOf(table),
    defaultSortBy: defaultSortBy(table),
  };
}

function field(column: Column, table: Table): Field {
  const { name, nullable, description, references } = column;
  return {
    name,
    dataType: dataTypeOf(column),
    key: name === table.primaryKey,
    nullable,
    description,
    defaultValue: null,
    reference:
      references === undefined ? null : { name: "Id", type: entityName({ schema: table.schema, name: references }) },
    jsonSchema: valueSchema(column),
  };
}

/** The schema of an object with these columns as its properties. */
function objectSchema(columns: readonly Column[]): JsonObject {
  return {
    type: ["object"],
    properties: Object.fromEntries(columns.map((column) => [column.name, valueSchema(column)])),
  };
}
