import { SqlState } from "../../error/sql-state.js";
import type { SetStatement } from "../../syntax/postgres/postgres-statement.js";
import { sessionError } from "../session/session-error.js";

/** Settings that are what they are: statements are read, and rows written, by them. */
const fixed: ReadonlyMap<string, RegExp> = new Map([
  // PostgreSQL reads letters and digits alone: asyncpg says "'utf-8'".
  ["client_encoding", /^[^a-z0-9]*(u[^a-z0-9]*t[^a-z0-9]*f[^a-z0-9]*8|unicode)[^a-z0-9]*$/i],
  ["standard_conforming_strings", /^(on|true|yes|1)$/i],
  ["array_nulls", /^(on|true|yes|1)$/i],
  ["transform_null_equals", /^(off|false|no|0)$/i],
]);

/** Who a client is was settled when it connected. */
const roles: ReadonlySet<string> = new Set(["role", "session_authorization"]);

/**
 * Fails with 0A000 for a value that could not be kept to: another encoding, another reading of texts, a search path on
 * which names would mean other tables than the planner reads.
 */
export function requireAllowedSetting({ name, values = [] }: Pick<SetStatement, "name" | "values">): void {
  const allowed = fixed.get(name.toLowerCase());
  const value = values.join(", ");
  if (roles.has(name.toLowerCase()) && values.length > 0 && !(name.toLowerCase() === "role" && /^none$/i.test(value)))
    throw sessionError(`permission denied to set ${name} "${value}"`, SqlState.insufficientPrivilege);
  if (allowed !== undefined && values.length > 0 && !allowed.test(value)) {
    throw sessionError(`"${name}" cannot be changed to "${value}"`, SqlState.featureNotSupported, {
      detail: "The gateway speaks UTF-8, and reads texts as the SQL standard does.",
    });
  }
  const path = name.toLowerCase() === "search_path" ? values.flatMap((part) => part.split(",")) : [];
  const schemas = path.map((part) => part.trim().replace(/^"(.*)"$/, "$1"));
  const v2 = schemas.indexOf("v2");
  if (v2 !== -1 && (schemas.indexOf("stripe") === -1 || v2 < schemas.indexOf("stripe"))) {
    throw sessionError("v2 cannot stand before stripe on the search path", SqlState.featureNotSupported, {
      hint: "Name tables of API v2 with their schema: v2.events.",
    });
  }
}
