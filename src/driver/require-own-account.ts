import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { ConnectionProperties } from "./connection-properties.js";

/**
 * Refuses a request as another account than the connection's where its properties do not allow that, 42501: whatever
 * statement it is for, nothing of it has been sent.
 */
export function requireOwnAccount(
  asked: string | undefined,
  { accountId, allowOtherAccounts }: Pick<ConnectionProperties, "accountId" | "allowOtherAccounts">,
): void {
  if (allowOtherAccounts || asked === undefined || asked === accountId) return;
  throw new StripeSqlError(`permission denied for account "${asked}"`, {
    sqlState: SqlState.insufficientPrivilege,
    phase: "execute",
    detail: `The connection is one to ${accountId === undefined ? "the account of its key" : `"${accountId}"`} alone.`,
    hint: "AllowOtherAccounts=true in the connection's properties lets statements name others.",
  });
}
