import { quoteName, quoteText } from "../../value/quote.js";
import type { ClientMonitor } from "./client-monitor.js";
import { madeUpSetting, plainSetConfig } from "./schema/held-settings.js";
import { ownerRole } from "./schema/lock-down.js";
import { activitySetting, processSetting, readsActivity } from "./schema/show-activity.js";

/** Whose statement runs, and what PostgreSQL is to know of the client's session. */
export interface ClientSettings {
  /** What `current_user` and `session_user` say. */
  readonly user: string;
  /** What `current_database()` says. */
  readonly database: string;
  /** Parameters that the session has set, by name: TimeZone, DateStyle, search_path. Each as SET takes it as a text. */
  readonly parameters: ReadonlyMap<string, string>;
  /** As what its statement runs; default one that begins with the turn and only reads. */
  readonly transaction?: ClientTransaction | undefined;
  /** Settings of ours that views are made of; no client can set them. Default none. */
  readonly views?: ReadonlyMap<string, string> | undefined;
  /** Undefined for statements of the gateway's own, which see no session. */
  readonly monitor?: ClientMonitor | undefined;
}

/** What a statement can tell of its transaction. */
export interface ClientTransaction {
  /** What now() says, in milliseconds since 1970. */
  readonly startedMs: number;
  readonly isolation: "serializable" | "repeatable read" | "read committed" | "read uncommitted";
  readonly deferrable: boolean;
  /** False only for statements that ask for it: whatever is run, the turn is rolled back. */
  readonly readOnly: boolean;
}

/** Begins the turn's transaction. */
export function beginTurn({ transaction }: ClientSettings): string {
  if (transaction === undefined) return "BEGIN";
  const { isolation, deferrable } = transaction;
  return `BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}${deferrable ? " DEFERRABLE" : ""}`;
}

/** Takes the rights of the client, and sets its parameters, within a savepoint that is given up afterwards. */
export function enterSession(client: ClientSettings, role: string, text: string): string {
  const { parameters, transaction, monitor, views = [] } = client;
  const [madeUp, known] = [true, false].map((is) => [...parameters].filter(([name]) => name.includes(".") === is));
  return [
    "SAVEPOINT client",
    ...setMadeUp(madeUp ?? []),
    `SET LOCAL SESSION AUTHORIZATION ${role}`,
    ...[...monitorSettings(monitor, text), ...views].map(
      ([name, value]) => `SET LOCAL ${name} = ${escapedText(value)}`,
    ),
    ...setAll("pg_catalog.set_config", known ?? []),
    ...(transaction?.readOnly === false ? [] : ["SET TRANSACTION READ ONLY"]),
  ].join("; ");
}

type Parameter = readonly [name: string, value: string];

/** Before the client's rights are taken: what it has made up needs none, and may be much. */
function setMadeUp(parameters: readonly Parameter[]): readonly string[] {
  if (parameters.length === 0) return [];
  const names = parameters.map(([name]) => name.toLowerCase()).join(",");
  return [`SET LOCAL ${madeUpSetting} = ${escapedText(names)}`, ...setAll(plainSetConfig, parameters)];
}

function setAll(setConfig: string, parameters: readonly Parameter[]): readonly string[] {
  const calls = parameters.map(([name, value]) => `${setConfig}(${quoteText(name)}, ${escapedText(value)}, true)`);
  return calls.length === 0 ? [] : [`SELECT ${calls.join(", ")}`];
}

function monitorSettings(monitor: ClientMonitor | undefined, text: string): readonly (readonly [string, string])[] {
  if (monitor === undefined) return [];
  const own = [processSetting, String(monitor.processId)] as const;
  return readsActivity.test(text) ? [own, [activitySetting, monitor.activity()]] : [own];
}

export const leaveSession = "ROLLBACK TO SAVEPOINT client; RELEASE SAVEPOINT client";

/**
 * Takes away what outlives a transaction: locks, listening, plans, the seed of random(). It is what DISCARD ALL does, but
 * for the role: in PostgreSQL's single-user mode that has no default to go back to.
 */
export function resetSession(): string {
  const seed = Math.random() * 2 - 1;
  return [
    "CLOSE ALL",
    `SET SESSION AUTHORIZATION ${quoteName(ownerRole)}`,
    "RESET ALL",
    "DEALLOCATE ALL",
    "UNLISTEN *",
    `SELECT pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed(${seed})`,
    "DISCARD PLANS",
    "DISCARD TEMP",
    "DISCARD SEQUENCES",
  ].join("; ");
}

/** A text that holds whatever a client may say, backslashes in either reading. */
function escapedText(text: string): string {
  return `E${quoteText(text.replaceAll("\\", "\\\\"))}`;
}
