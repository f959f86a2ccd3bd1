import type { ClientSettings } from "../../execute/postgres/client-settings.js";
import type { ServedUser } from "../server/served-user.js";
import type { Settings } from "../session/session-settings.js";

/** A session as the local PostgreSQL is to see it. The database is named after the connection. */
export function clientOf({ name, connection }: ServedUser, parameters: Settings): ClientSettings {
  return { user: name, database: connection, parameters };
}
