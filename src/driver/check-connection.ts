import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Connection, QueryOptions } from "./api.js";

/** Asks Stripe who the key's account is. */
export async function checkConnection(
  connection: Connection,
  options: Pick<QueryOptions, "signal"> = {},
): Promise<{ readonly state: "ACTIVE" | "ERROR" | "AUTH_ERROR"; readonly description: string }> {
  try {
    await connection.query("SELECT Id FROM CurrentAccount", undefined, options);
    return { state: "ACTIVE", description: "" };
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    const state = error.sqlState === SqlState.invalidAuthorization ? "AUTH_ERROR" : "ERROR";
    return { state, description: error.message };
  }
}
