import type { Database } from "../../driver/database.js";
import { TransactionNotes } from "../../driver/transaction-notes.js";
import type { PostgresEngine } from "../../execute/postgres/postgres-engine.js";
import { PromptEngine } from "../../execute/postgres/prompt-engine.js";
import { utc } from "../../value/time-zone.js";
import { readZoneName } from "../../value/zone-name.js";
import type { ServedDatabase, SessionView } from "../server/served-database.js";
import type { ServedUser } from "../server/served-user.js";
import type { SessionBackend } from "../session/session-backend.js";
import type { Settings } from "../session/session-settings.js";
import { defaultSettings } from "../session/transaction-modes.js";
import { clientOf } from "./client-of.js";
import { ConstantResults } from "./constant-results.js";
import { DescribedStatements } from "./described-statements.js";
import { DuckdbBackend } from "./duckdb/duckdb-backend.js";
import { EngineQueries } from "./engine-queries.js";
import { ParsedStatements } from "./parsed-statements.js";
import { PostgresBackend } from "./postgres-backend.js";
import { readSettings } from "./read-setting.js";
import type { SettingNames } from "./setting-name.js";
import { settingNamesOf } from "./setting-name.js";
import { requireAllowedSetting } from "./setting-rules.js";
import { isStripeSetting, readStripeSetting } from "./stripe-settings.js";
import { TwoEngines } from "./two-engines.js";

const reader: ServedUser = { name: "client", secret: undefined, connection: "postgres", readOnly: true };

const settingsQuery =
  "SELECT name, current_setting(name) FROM pg_catalog.pg_settings WHERE current_setting(name) IS NOT NULL";

/** What all connections of a gateway share: the local PostgreSQL, and what was read and described of statements. */
export class GatewayEngine {
  readonly engine: PostgresEngine;
  readonly prompt: PromptEngine;
  readonly queries: EngineQueries;
  readonly parsed = new ParsedStatements();
  readonly described: DescribedStatements;
  readonly constants = new ConstantResults();

  constructor(engine: PostgresEngine) {
    this.engine = engine;
    this.prompt = new PromptEngine(engine);
    this.queries = new EngineQueries(this.prompt);
    this.described = new DescribedStatements(this.prompt);
  }

  async close(): Promise<void> {
    await this.prompt.close();
    await this.engine.close();
  }
}

/** A connection to Stripe as the gateway serves it. */
export class GatewayDatabase implements ServedDatabase {
  readonly defaults: Settings;
  readonly #database: Database;
  readonly #shared: GatewayEngine;
  readonly #settingNames: SettingNames;

  private constructor(database: Database, shared: GatewayEngine, defaults: Settings) {
    this.#database = database;
    this.#shared = shared;
    this.defaults = defaults;
    this.#settingNames = settingNamesOf(defaults.keys());
  }

  static async open(database: Database, shared: GatewayEngine): Promise<GatewayDatabase> {
    const rows = await shared.queries.rows(settingsQuery, clientOf(reader, new Map()));
    return new GatewayDatabase(database, shared, new Map(rows.map(([name, value]) => [String(name), String(value)])));
  }

  async settingsOf(asked: Settings, user: ServedUser): Promise<Settings> {
    for (const [name, value] of asked) {
      requireAllowedSetting({ name, values: [value] });
    }
    const ours = [...asked].filter(([name]) => isStripeSetting(name));
    const stripe = ours.map(([name, value]) => readStripeSetting(name, value, this.#database));
    const wanted = this.#withDefaults(asked, user);
    if (wanted.size === 0) return wanted;
    const known = await readSettings([...wanted.keys()], (sql) =>
      this.#shared.queries.rows(sql, clientOf(user, wanted)),
    );
    // Those with a dot in their names are the client's own: PostgreSQL keeps them, and lists them nowhere.
    const own = [...asked].filter(([name]) => name.includes(".") && !isStripeSetting(name));
    return new Map([
      ...own.map(([name, value]) => [name.toLowerCase(), value] as const),
      ...[...stripe, ...known].map(({ name, value }) => [name, value] as const),
    ]);
  }

  /** The connection's TimeZone, and that its transactions only read, where the client asks for nothing else. */
  #withDefaults(asked: Settings, user: ServedUser): Settings {
    const isAsked = (setting: string) => [...asked.keys()].some((name) => name.toLowerCase() === setting);
    const zone = readZoneName(this.#database.timeZone);
    const own = new Map(asked);
    if (!isAsked("timezone") && zone.kind === "zone" && zone.name !== utc.name) own.set("TimeZone", zone.name);
    if (!isAsked(defaultSettings.readOnly) && this.#isReadOnlyFor(user)) own.set(defaultSettings.readOnly, "on");
    return own;
  }

  #isReadOnlyFor({ readOnly }: ServedUser): boolean {
    return readOnly || this.#database.readOnly;
  }

  async backend(user: ServedUser, { monitor, watch }: SessionView): Promise<SessionBackend> {
    const { engine, prompt, queries, parsed, described, constants } = this.#shared;
    const systemTables = await queries.systemTables(clientOf(user, new Map()));
    const { catalog } = this.#database;
    const { readOnly, name: caller } = user;
    // One transaction may write by both engines.
    const transaction = new TransactionNotes();
    const openSession = () => this.#database.session({ readOnly, transaction });
    const duckdb = new DuckdbBackend({ catalog, openSession, caller, stripe: this.#database, watch });
    const postgres = new PostgresBackend({
      ...{ catalog, engine, prompt, queries, parsed, described, constants },
      session: this.#database.postgresSession({ systemTables, readOnly, transaction, caller }),
      readOnly: this.#isReadOnlyFor(user),
      stripe: this.#database,
      settingNames: this.#settingNames,
      clientOf: (settings, transaction) => ({ ...clientOf(user, settings, transaction), monitor }),
      watch,
    });
    return new TwoEngines({ postgres, duckdb, catalog });
  }
}
