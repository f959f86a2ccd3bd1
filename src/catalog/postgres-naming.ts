import type { Naming, Table } from "./catalog.js";

/**
 * How a relation of the local PostgreSQL names a table's columns: those of `stripe.customers` are Stripe's, those of the
 * view `sql.customer` SQL's. A name says which of them it is, however it is spelt, as PostgreSQL folds it.
 */
export function postgresNaming({ schema, stripePlural }: Table, name: string): Naming {
  return schema === "v2" || name.toLowerCase() === stripePlural ? "stripe" : "sql";
}
