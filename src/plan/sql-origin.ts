import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { SqlExpression, StatementBase } from "../syntax/statement.js";

/** A part of a text for the local engine that was written by the user. */
interface SqlFragment {
  /** Where the part starts in the engine's text. */
  readonly start: number;
  readonly sql: string;
  /** The user's own text of the part, and what follows it. */
  readonly text: string;
  /** Where the part starts in the user's text. */
  readonly position: number;
}

/** Which parts of a text for the local engine come from where in the user's. */
export type SqlOrigin = readonly SqlFragment[];

/** A statement that the local engine is given as a whole. */
export function wholeOrigin({ sql, text, offset }: StatementBase & { readonly sql: string }): SqlOrigin {
  return [{ start: 0, sql, text, position: offset }];
}

export interface ComposedSql {
  readonly sql: string;
  readonly origin: SqlOrigin;
}

/** Puts a text for the local engine together of its own words and of expressions of the statement's. */
export function composeSql(
  { text, offset }: StatementBase,
  parts: readonly (string | Pick<SqlExpression, "sql" | "position">)[],
): ComposedSql {
  let sql = "";
  const origin: SqlFragment[] = [];
  for (const part of parts) {
    if (typeof part === "string") sql += part;
    else {
      origin.push({
        start: sql.length,
        sql: part.sql,
        text: text.slice(part.position - offset),
        position: part.position,
      });
      sql += part.sql;
    }
  }
  return { sql, origin };
}

/**
 * An error whose position is in the engine's text, with its position in the user's: exact where both read the
 * same up to it, else at the start of the expression, and at none where a whole statement reads otherwise
 * or the user wrote no such part.
 */
export function errorInOrigin(error: unknown, origin: SqlOrigin): unknown {
  if (!(error instanceof StripeSqlError) || error.position === undefined) return error;
  return error.with({ position: placeInOrigin(error.position, origin) });
}

function placeInOrigin(position: number, origin: SqlOrigin): number | undefined {
  const part = origin.find(({ start, sql }) => position >= start && position <= start + sql.length);
  if (part === undefined) return undefined;
  const within = position - part.start;
  if (part.sql.slice(0, within + 1) === part.text.slice(0, within + 1)) return part.position + within;
  return part.start === 0 ? undefined : part.position;
}
