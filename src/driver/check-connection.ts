import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Connection, ConnectOptions } from "./api.js";
import type { ConnectionDefinition } from "./connection-file/connection-definition.js";
import { openConnection } from "./open-connection.js";

/** How a connection is, in the words of Google Cloud's connectors. */
export interface ConnectionState {
  /** AUTH_ERROR: Stripe, the proxy or Secret Manager does not let it in. */
  readonly state: "ACTIVE" | "ERROR" | "AUTH_ERROR";
  /** For a person; without secrets. */
  readonly description: string;
}

export interface CheckOptions {
  /** Ends the check with SQLSTATE 57014. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks Stripe for the account, with one request: secrets are read for it, and the proxy passed. A restricted key
 * that may not read the account is known to Stripe all the same. A failure is a state, but for a canceled check.
 */
export async function checkConnection(connection: Connection, { signal }: CheckOptions = {}): Promise<ConnectionState> {
  try {
    const { rows } = await connection.query("SELECT Id FROM CurrentAccount", [], { signal });
    const { mode } = connection.describe();
    return active(`Stripe answered for account ${rows[0]?.["Id"]}, in ${mode} mode.`);
  } catch (error) {
    return failedState(error);
  }
}

/** The same for a definition, whose connection is opened and closed for it. */
export async function checkDefinition(
  definition: ConnectionDefinition,
  options: CheckOptions = {},
): Promise<ConnectionState> {
  if (definition.suspended) return { state: "ERROR", description: "The connection is suspended." };
  const connection = await opened(definition.options);
  if ("state" in connection) return connection;
  try {
    return await checkConnection(connection, options);
  } finally {
    await connection.close();
  }
}

async function opened(options: ConnectOptions): Promise<Connection | ConnectionState> {
  try {
    return (await openConnection(options)).connection;
  } catch (error) {
    return failedState(error);
  }
}

function active(description: string): ConnectionState {
  return { state: "ACTIVE", description };
}

function failedState(error: unknown): ConnectionState {
  if (!(error instanceof StripeSqlError) || error.sqlState === SqlState.queryCanceled) throw error;
  if (isKnownToStripe(error)) return active(`Stripe accepts the key, which may not read the account: ${error.message}`);
  const isAuthentication =
    error.sqlState === SqlState.invalidAuthorization || error.sqlState === SqlState.insufficientPrivilege;
  return { state: isAuthentication ? "AUTH_ERROR" : "ERROR", description: sentencesOf(error) };
}

/** Refused for want of a permission, not because the key does not reach the account. */
function isKnownToStripe({ stripe }: StripeSqlError): boolean {
  return stripe.status === 403 && stripe.code !== "account_invalid";
}

function sentencesOf({ message, detail, hint }: StripeSqlError): string {
  return [message, detail, hint]
    .filter((text) => text !== undefined)
    .map(sentence)
    .join(" ");
}

function sentence(text: string): string {
  const start = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.?!…]$/.test(start) ? start : `${start}.`;
}
