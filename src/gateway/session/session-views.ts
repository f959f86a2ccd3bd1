import type { Portal } from "./portal.js";
import type { PreparedStatement } from "./prepared-statements.js";

/** Rows as PostgreSQL's views and functions of that name have them; regtypes by their OIDs. */
export interface SessionViews {
  readonly pg_cursors: () => readonly object[];
  readonly pg_prepared_statements: () => readonly object[];
  readonly pg_listening_channels: () => readonly string[];
}

export function cursorRows(portals: readonly Portal[]): readonly object[] {
  return portals.map(({ name, sql, isHeld, isBinary, isScrollable, createdMs }) => ({
    name,
    statement: sql,
    is_holdable: isHeld,
    is_binary: isBinary,
    is_scrollable: isScrollable,
    creation_time: new Date(createdMs).toISOString(),
  }));
}

/** No plan is kept by PostgreSQL's own means. */
export function preparedRows(prepared: readonly (readonly [string, PreparedStatement])[]): readonly object[] {
  return prepared.map(([name, { sql, parameterTypes, fields, isOfSql, preparedMs }]) => ({
    name,
    statement: sql,
    prepare_time: new Date(preparedMs).toISOString(),
    parameter_types: parameterTypes.map(String),
    result_types: fields?.map(({ typeOid }) => String(typeOid)) ?? null,
    from_sql: isOfSql,
    generic_plans: 0,
    custom_plans: 0,
  }));
}
