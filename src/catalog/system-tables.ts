import type { Catalog } from "./catalog.js";
import { informationSchema } from "./information-schema.js";
import { sysTables } from "./sys-tables.js";
import type { SystemTable } from "./system-table.js";

/** Every table of metadata that the catalog alone can fill: the sys_ tables and information_schema. */
export function systemTables(catalog: Catalog): readonly SystemTable[] {
  return [...sysTables(catalog), ...informationSchema(catalog)];
}
