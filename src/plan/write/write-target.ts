import type { Naming, Table, WriteEndpoint } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { TableName } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { findRelation } from "../names/relation.js";

/** A table, and the call that writes to it. */
export interface WriteTarget {
  readonly table: Table;
  readonly naming: Naming;
  readonly endpoint: WriteEndpoint;
}

const verbs = { create: "INSERT into", update: "UPDATE", delete: "DELETE from" } as const;

/** The table that a statement writes to, and the call that does it; 0A000 where Stripe has none. */
export function writeTarget(
  name: TableName,
  operation: "create" | "update" | "delete",
  environment: PlanEnvironment,
): WriteTarget {
  rejectReadOnly(environment);
  const target = findRelation(name, environment);
  const endpoint = target.kind === "table" ? target.table[operation] : undefined;
  if (target.kind === "table" && endpoint !== undefined) return { ...target, endpoint };
  const hint = target.kind === "table" ? proceduresHint(target.table, environment) : "SHOW TABLES lists the tables.";
  throw new StripeSqlError(`cannot ${verbs[operation]} "${name.name}"`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: details[target.kind],
    position: name.position,
    hint,
  });
}

const details = {
  table: "Stripe has no call that does it.",
  system: "It is a table of metadata.",
  temp: "It holds what its query has read: REFRESH reads it again, CREATE OR REPLACE TEMP TABLE gives it another query.",
} as const;

const namedProcedures = 6;

function proceduresHint(table: Table, { catalog }: PlanEnvironment): string | undefined {
  const names = catalog
    .procedures()
    .filter(({ writes, result }) => writes && result.kind === "table" && isSameTable(result, table))
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  const more = names.length > namedProcedures ? ", …: SHOW PROCEDURES lists them all" : "";
  return `These procedures change its objects: ${names.slice(0, namedProcedures).join(", ")}${more}.`;
}

function isSameTable(result: { readonly table: string; readonly schema: string }, table: Table): boolean {
  return result.table === table.name && result.schema === table.schema;
}

export function rejectReadOnly(environment: PlanEnvironment): void {
  if (!environment.readOnly) return;
  throw new StripeSqlError("cannot write on a read-only connection", {
    sqlState: SqlState.readOnly,
    phase: "plan",
    hint: "Connect without ReadOnly to write.",
  });
}
