import type { StatementWatch } from "../../driver/statement-watch.js";
import type { ClientMonitor } from "../../execute/postgres/client-monitor.js";
import type { SessionBackend } from "../session/session-backend.js";
import type { Settings } from "../session/session-settings.js";
import type { ServedUser } from "./served-user.js";

/** How a session's statements see the other sessions, and are seen. */
export interface SessionView {
  readonly monitor: ClientMonitor;
  readonly watch: StatementWatch;
}

/** A connection as the gateway serves it: what its users' sessions run on. */
export interface ServedDatabase {
  /** Settings as they are where a client sets nothing. */
  readonly defaults: Settings;
  /** Those that a client asks for when it connects, as `SHOW` tells them; fails as PostgreSQL does where it may not have them. */
  settingsOf(asked: Settings, user: ServedUser): Promise<Settings>;
  backend(user: ServedUser, view: SessionView): Promise<SessionBackend>;
}
