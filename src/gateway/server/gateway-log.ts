import type { Settings } from "../session/session-settings.js";
import type { StatementLog } from "../session/statement-log.js";

export interface ConnectedClient {
  readonly user: string;
  readonly database: string;
  readonly address: string | undefined;
  readonly settings: Settings;
}

export interface SessionLog extends StatementLog {
  /** The client has left. */
  end(): void;
}

/** What has a statement canceled, or a session end. */
export type Cancellation = "request" | "pg_cancel_backend" | "pg_terminate_backend";

/** Is told of clients and of what they run. */
export interface GatewayLog {
  session(client: ConnectedClient): SessionLog;
  /** A client was not let in, or its session ended by a failure. */
  refused(error: unknown, address: string | undefined): void;
  /** A session was told to cancel what it runs, or to end. */
  canceled(by: Cancellation): void;
}
