import type { Table } from "../../../catalog/catalog.js";
import { quoteName } from "../../../value/quote.js";

/** What PostgreSQL keeps of a name, in a statement as in its catalog. All names here are ASCII. */
const longestName = 63;

/** A table's, column's or constraint's name as PostgreSQL keeps it. */
export function keptName(name: string): string {
  return name.slice(0, longestName);
}

/** A column's name as statements quote it. */
export function columnName({ stripeName }: { readonly stripeName: string }): string {
  return quoteName(keptName(stripeName));
}

/** `"stripe"."payment_intents"`. */
export function relationName({ schema, stripePlural }: Table): string {
  return `${quoteName(schema)}.${quoteName(keptName(stripePlural))}`;
}
