import type { ClientSettings } from "./client-settings.js";
import type { PostgresTurn } from "./postgres-turn.js";

/** Where a turn on a PostgreSQL is to be had. */
export interface TurnSource {
  /** Waits until it is the client's. The signal cancels the wait and the turn. */
  turn(client: ClientSettings, signal?: AbortSignal): Promise<PostgresTurn>;
}
