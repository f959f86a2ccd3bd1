import { SqlState } from "../../error/sql-state.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import type { RunContext } from "../session/session-backend.js";
import { sessionError } from "../session/session-error.js";

/** PostgreSQL's code for a parameter that nothing binds, which no statement of the driver's ends in. */
const undefinedParameter = "42P02";

/** A simple query binds nothing, which PostgreSQL says only where the statement is right otherwise. */
export function requireBound(statement: PostgresStatement, { parameters }: RunContext): void {
  const missing = "parameters" in statement ? statement.parameters.find((n) => n > parameters.types.length) : undefined;
  if (missing !== undefined) throw sessionError(`there is no parameter $${missing}`, undefinedParameter);
}

/**
 * Advisory locks end with each statement here, so that they would keep nobody out who asks for the same. To give them up
 * is right: there is none.
 */
export function requireNoLock({ functions }: StatementMentions): void {
  const lock = functions.find(
    ({ schema, name }) => schema === undefined && /^pg_(try_)?advisory_(xact_)?lock/.test(name),
  );
  if (lock === undefined) return;
  throw sessionError("advisory locks are not supported", SqlState.featureNotSupported, {
    detail: "Sessions of the gateway share nothing that one could keep from another.",
    position: lock.position,
  });
}

/** In a write only the values of functions are taken, not what they ask for. */
export function requireNoSignal({ functions }: StatementMentions): void {
  const signal = functions.find(({ name }) => /^pg_(cancel|terminate)_backend$/.test(name));
  if (signal === undefined) return;
  throw sessionError(`${signal.name} cannot be called in a write`, SqlState.featureNotSupported, {
    hint: "Call it in a SELECT.",
    position: signal.position,
  });
}

/** Fails with 0A000: what Stripe has no call for. */
export function notSupported({ kind, text }: PostgresStatement) {
  // A SELECT that is no query makes a table.
  const isInto = kind === "other" && /^\s*select\b/i.test(text);
  const words = isInto
    ? "SELECT INTO"
    : kind === "other"
      ? (/^\s*(\w+(?:\s+\w+)?)/.exec(text)?.[1]?.toUpperCase() ?? "this")
      : kind.toUpperCase();
  return sessionError(`${words} is not supported`, SqlState.featureNotSupported, {
    detail: "Tables are Stripe's, and its API has no such call.",
  });
}
