import type { ClientSettings } from "../../execute/postgres/client-settings.js";
import type { ServedUser } from "../server/served-user.js";
import type { Settings } from "../session/session-settings.js";
import type { TransactionView } from "../session/transaction-block.js";

/** A session, and its transaction, as the local PostgreSQL is to see them. The database is named after the connection. */
export function clientOf(
  { name, connection }: ServedUser,
  parameters: Settings,
  transaction?: TransactionView,
): ClientSettings {
  return { user: name, database: connection, parameters, transaction };
}
