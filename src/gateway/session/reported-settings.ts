import type { Settings } from "./session-settings.js";

/**
 * Settings whose values a client is told of whenever they change.
 * Source: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC
 */
const reportedNames = [
  "application_name",
  "client_encoding",
  "DateStyle",
  "default_transaction_read_only",
  "in_hot_standby",
  "integer_datetimes",
  "IntervalStyle",
  "is_superuser",
  "scram_iterations",
  "search_path",
  "server_encoding",
  "server_version",
  "session_authorization",
  "standard_conforming_strings",
  "TimeZone",
] as const;

/** What a client knows of its settings. */
export class ReportedSettings {
  readonly #byDefault: Settings;
  readonly #report: (name: string, value: string) => void;
  readonly #told = new Map<string, string>();

  /** @param byDefault The server's own values. */
  constructor(byDefault: Settings, report: (name: string, value: string) => void) {
    this.#byDefault = byDefault;
    this.#report = report;
  }

  /** Tells those whose values are not what the client was told last. */
  settle(settings: Settings): void {
    for (const name of reportedNames) {
      const value = settings.get(name) ?? this.#byDefault.get(name);
      if (value === undefined || this.#told.get(name) === value) continue;
      this.#told.set(name, value);
      this.#report(name, value);
    }
  }
}
