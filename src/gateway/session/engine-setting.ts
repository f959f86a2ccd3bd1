import type { Settings } from "./session-settings.js";

/** The setting that says what a session's statements run on, and in whose dialect they are. */
export const engineSetting = "stripe.engine";

export const engines = ["postgres", "duckdb"] as const;

export type EngineName = (typeof engines)[number];

export function engineOf(settings: Settings): EngineName {
  return settings.get(engineSetting) === "duckdb" ? "duckdb" : "postgres";
}
