import type { Settings } from "../session/session-settings.js";
import type { StatementLog } from "../session/statement-log.js";

export interface ConnectedClient {
  readonly user: string;
  readonly address: string | undefined;
  readonly settings: Settings;
}

export interface SessionLog extends StatementLog {
  /** The client has left. */
  end(): void;
}

/** Is told of clients and of what they run. */
export interface GatewayLog {
  session(client: ConnectedClient): SessionLog;
  /** A client was not let in, or its session ended by a failure. */
  refused(error: unknown, address: string | undefined): void;
}
