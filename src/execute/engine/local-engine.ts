import type { EngineSession } from "./engine-session.js";

/**
 * What a statement's text runs on once its rows are here: an SQL engine in this process or beside it. The planner
 * decides what is fetched, whichever engine it is.
 */
export interface LocalEngine {
  /**
   * Room for one statement's rows, which no other statement sees. The signal cancels whatever runs there; times are
   * read and written in the zone, by default UTC.
   */
  session(signal?: AbortSignal, timeZone?: string): Promise<EngineSession>;
}
