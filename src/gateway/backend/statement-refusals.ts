import { SqlState } from "../../error/sql-state.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { CopyFromStatement, PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import type { RunContext } from "../session/session-backend.js";
import { sessionError } from "../session/session-error.js";

/** PostgreSQL's code for a parameter that nothing binds, which no statement of the driver's ends in. */
export const undefinedParameter = "42P02";

/** A simple query binds nothing, which PostgreSQL says only where the statement is right otherwise. */
export function requireBound(statement: PostgresStatement, { parameters }: RunContext): void {
  const missing = "parameters" in statement ? statement.parameters.find((n) => n > parameters.types.length) : undefined;
  if (missing !== undefined) throw sessionError(`there is no parameter $${missing}`, undefinedParameter);
}

/** In a write only the values of functions are taken, not what they ask for. */
export function requireNoSignal({ functions }: StatementMentions): void {
  const signal = functions.find(({ name }) => /^(pg_(cancel|terminate)_backend|set_config)$/.test(name));
  if (signal === undefined) return;
  throw sessionError(`${signal.name} cannot be called in a write`, SqlState.featureNotSupported, {
    hint: "Call it in a SELECT.",
    position: signal.position,
  });
}

/**
 * Fails with 0A000: what Stripe has no call for.
 *
 * @param text The statement's, from whose first words it is named where it has no name of its own here.
 */
export function notSupported({ kind, text }: PostgresStatement) {
  const words = commandWords({ kind, text });
  const isTemporary = /^(CREATE (LOCAL |GLOBAL )?(TEMP|TEMPORARY)|SELECT INTO$)/.test(words);
  return sessionError(`${words} is not supported`, SqlState.featureNotSupported, {
    detail: "Tables are Stripe's, and its API has no such call.",
    ...(isTemporary ? { hint: "Write its query as WITH name AS (SELECT …) in the statement that reads it." } : {}),
  });
}

/** COPY … FROM: refused before the client is asked for a row, so that it sends none. */
export function copyFromNotSupported({ origin }: CopyFromStatement) {
  if (origin.kind !== "client") {
    return sessionError("COPY from a file or program of the server is not supported", SqlState.featureNotSupported, {
      hint: "Write the rows by INSERT.",
    });
  }
  return sessionError("COPY … FROM STDIN is not supported", SqlState.featureNotSupported, {
    hint: "Write the rows by INSERT … VALUES (…), (…): each is a request to Stripe.",
  });
}

const commands =
  /^\s*(?:(?:create|alter|drop|comment|reindex|import|security|refresh|reassign)\s+(?:(?:or\s+replace|local|global)\s+)?\w+(?:\s+(?<=temp\s+|temporary\s+|unlogged\s+)\w+)?|\w+)/i;

/** "CREATE TEMP TABLE", "TRUNCATE", as the statement has it. */
function commandWords({ kind, text }: Pick<PostgresStatement, "kind" | "text">): string {
  if (kind !== "other") return kind.replace("-", " ").toUpperCase();
  const words = (commands.exec(text)?.[0] ?? "this").trim().replace(/\s+/g, " ").toUpperCase();
  // A SELECT that is no query makes a table.
  return words === "SELECT" || words === "WITH" ? "SELECT INTO" : words;
}
