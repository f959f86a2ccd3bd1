import type { Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { keyColumns } from "../../execute/postgres/schema/table-keys.js";
import type { InsertStatement } from "../../syntax/postgres/postgres-statement.js";
import { sessionError } from "../session/session-error.js";

/** PostgreSQL's code for an ON CONFLICT of columns that no key has. */
const invalidColumnReference = "42P10";

/**
 * ON CONFLICT DO NOTHING of rows whose ids Stripe makes has nothing to do: each is new, and is written. Fails with 42P10
 * where another column was to be unique, so that a row is not silently there twice, and with 0A000 where the rows bring
 * ids of their own.
 */
export function requireNoConflict(statement: InsertStatement, table: Table | undefined): void {
  const { onConflict, conflictColumns, columns, source } = statement;
  if (onConflict !== "nothing" || table === undefined) return;
  const key = keyColumns(table).map(({ stripeName }) => stripeName);
  if (conflictColumns.length > 0 && !isSameSet(conflictColumns, key)) {
    const names = key.length === 0 ? "" : ` Its key is ${key.join(", ")}.`;
    throw sessionError(
      "there is no unique or exclusion constraint matching the ON CONFLICT specification",
      invalidColumnReference,
      {
        detail: `To Stripe, no other column of ${table.stripePlural} is unique.${names}`,
        hint: "INSERT … SELECT … WHERE NOT EXISTS (SELECT … ) looks for the row first.",
      },
    );
  }
  const given = columns.map(({ name }) => name);
  const bringsKey = columns.length === 0 ? source.kind !== "default-values" : key.some((name) => given.includes(name));
  if (!bringsKey) return;
  throw sessionError(
    "ON CONFLICT DO NOTHING is not supported for rows with ids of their own",
    SqlState.featureNotSupported,
    {
      hint: "Without ON CONFLICT, Stripe refuses an id that is taken; or look for the row first, by SELECT … WHERE id = ….",
    },
  );
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name));
}
