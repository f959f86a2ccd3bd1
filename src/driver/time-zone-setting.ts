import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";
import type { SetStatement, SettingName } from "../syntax/statement.js";
import type { TimeZone } from "../value/time-zone.js";
import { utc } from "../value/time-zone.js";
import { readZoneName } from "../value/zone-name.js";
import { findPropertyKey, publicName } from "./connection-property-schema.js";
import { Lazy } from "./lazy.js";
import { nearZones } from "./near-zones.js";

/** The one setting that SET knows. */
export const timeZoneName = "TimeZone";

/**
 * A session's time zone, as SET, RESET and the end of a transaction leave it. The connection's is the default; what is
 * set within BEGIN is undone by ROLLBACK, and what SET LOCAL sets by either end.
 */
export class TimeZoneSetting {
  readonly #engine: () => Promise<DuckdbEngine>;
  readonly #byDefault: Lazy<TimeZone>;
  #session: TimeZone | undefined;
  #transaction: { readonly before: TimeZone | undefined; local: TimeZone | undefined } | undefined;

  /** @param byDefault A zone's name as `readZoneName` takes it. */
  constructor(engine: () => Promise<DuckdbEngine>, byDefault: string) {
    this.#engine = engine;
    this.#byDefault = new Lazy(() => this.#open(byDefault));
  }

  /** The zone in force. Fails with 22023 where the local engine does not know the connection's. */
  async zone(): Promise<TimeZone> {
    return this.#transaction?.local ?? this.#session ?? (await this.#byDefault.open());
  }

  /** Without a value, the default is set. */
  async set({ setting, value, isLocal }: Pick<SetStatement, "setting" | "value" | "isLocal">, notice: Notice) {
    requireKnown(setting);
    const zone = value === undefined ? undefined : await this.#open(givenText(value));
    if (!isLocal) this.#session = zone;
    else if (this.#transaction === undefined) notice("SET LOCAL can only be used in transaction blocks");
    else this.#transaction.local = zone ?? (await this.#byDefault.open());
    if (!isLocal && this.#transaction !== undefined) this.#transaction.local = undefined;
  }

  begin(): void {
    this.#transaction ??= { before: this.#session, local: undefined };
  }

  commit(): void {
    this.#transaction = undefined;
  }

  rollback(): void {
    if (this.#transaction !== undefined) this.#session = this.#transaction.before;
    this.#transaction = undefined;
  }

  #open(text: string): Promise<TimeZone> {
    return openZone(text, this.#engine);
  }
}

/** A zone by a name as `readZoneName` takes it; fails with 22023 where the local engine does not know it. */
export async function openZone(text: string, engine: () => Promise<DuckdbEngine>): Promise<TimeZone> {
  const read = readZoneName(text);
  if (read.kind !== "zone") throw badZone(text, read.kind === "refused" ? read : {});
  if (read.name.toUpperCase() === utc.name) return utc;
  try {
    return await (await engine()).timeZone(read.name);
  } catch (error) {
    if (error instanceof StripeSqlError && /Unknown TimeZone/i.test(error.message)) throw badZone(text, {}, error);
    throw error;
  }
}

type Notice = (text: string) => void;

/** `INTERVAL '-08:00'` is hours east, as a number is. */
function givenText({ kind, text }: NonNullable<SetStatement["value"]>): string {
  const [, hours] = kind === "interval" ? (/^\s*([+-]?\d{1,2})(?::00)*\s*$/.exec(text) ?? []) : [];
  return hours ?? text;
}

interface ZoneFault {
  readonly detail?: string;
  readonly hint?: string;
}

function badZone(text: string, { detail, hint }: ZoneFault, cause?: unknown): StripeSqlError {
  return new StripeSqlError(`invalid value for parameter "${timeZoneName}": "${text}"`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    cause,
    detail,
    hint:
      hint ??
      nearZones(text) ??
      "Name a zone such as 'America/Los_Angeles' or 'UTC', or write whole hours east of Greenwich: '-8'.",
  });
}

/** Fails with 42704 for a setting that there is not. */
export function requireKnown({ name, position }: SettingName): void {
  if (name.toLowerCase() === timeZoneName.toLowerCase()) return;
  const property = findPropertyKey(name);
  throw new StripeSqlError(`unrecognized configuration parameter "${name}"`, {
    sqlState: SqlState.undefinedObject,
    phase: "plan",
    position,
    detail: `What can be set is ${timeZoneName}.`,
    hint:
      property === undefined
        ? (didYouMean(name, [timeZoneName]) ?? "The properties of the connection are in sys_connection_props.")
        : `${publicName(property)} is a property of the connection: give it when connecting.`,
  });
}
