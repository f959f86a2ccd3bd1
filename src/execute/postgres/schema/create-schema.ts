import type { Catalog } from "../../../catalog/catalog.js";
import { builtInSchemas, createBuiltInViews } from "./built-in-views.js";
import { createFunction } from "./create-function.js";
import { createReferences, createTable } from "./create-table.js";
import { createView, viewSchema } from "./create-view.js";
import { showEarlierColumns } from "./earlier-columns.js";
import { showOwnSettings } from "./held-settings.js";
import { createKeptWriteFunctions } from "./kept-write-functions.js";
import { lockDown } from "./lock-down.js";
import { showSession } from "./session-views.js";
import { showActivity } from "./show-activity.js";
import { showKeys } from "./show-keys.js";
import { interruptibleSleep } from "./sleep.js";

/** Raised with every change of what these statements make, so that snapshots of earlier versions are made anew. */
export const schemaVersion = 9;

/** The statements that make the catalog of a new database: tables, references, views, functions, and who may use them. */
export function createSchema(catalog: Catalog): readonly string[] {
  const tables = catalog.tables();
  return [
    // The bodies of functions only raise; reading them would cost more than all the rest.
    "SET check_function_bodies = off",
    "CREATE SCHEMA stripe",
    "CREATE SCHEMA v2",
    `CREATE SCHEMA ${viewSchema}`,
    ...tables.flatMap(createTable),
    ...tables.flatMap((table) => createReferences(table, catalog)),
    ...tables.flatMap(createView),
    ...catalog.procedures().flatMap((procedure) => createFunction(procedure, catalog)),
    ...createKeptWriteFunctions(),
    ...createBuiltInViews(),
    "COMMENT ON SCHEMA stripe IS 'Stripe''s API v1'",
    "COMMENT ON SCHEMA v2 IS 'Stripe''s API v2'",
    ...builtInSchemas.map(
      (schema) => `COMMENT ON SCHEMA ${schema} IS 'Figures of a business that are ready to be read'`,
    ),
    `COMMENT ON SCHEMA ${viewSchema} IS 'The tables of stripe by their names in SQL, without underscores'`,
    ...showOwnSettings(),
    ...showKeys(),
    ...showEarlierColumns(),
    ...showSession(),
    ...interruptibleSleep(),
    ...showActivity(),
    ...lockDown(tables),
  ];
}
