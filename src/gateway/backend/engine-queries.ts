import type { SystemTable } from "../../catalog/system-table.js";
import type { ClientSettings } from "../../execute/postgres/client-settings.js";
import { readPostgresZone } from "../../execute/postgres/read-postgres-zone.js";
import { plainStatement, readRows } from "../../execute/postgres/read-rows.js";
import type { TurnSource } from "../../execute/postgres/turn-source.js";
import type { Cell } from "../../value/cell.js";
import type { TimeZone } from "../../value/time-zone.js";

/** Relations that a statement can name beside Stripe's. */
const ownRelations = `SELECT n.nspname, c.relname, array_to_json(array_agg(a.attname ORDER BY a.attnum))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v')
GROUP BY 1, 2`;

/** Zones that are kept: clients may make up any number of them. */
const keptZones = 200;

/** What the gateway itself asks the local PostgreSQL, each answer kept where it never changes. */
export class EngineQueries {
  readonly #engine: TurnSource;
  readonly #zones = new Map<string, Promise<TimeZone>>();
  #systemTables: Promise<readonly SystemTable[]> | undefined;

  constructor(engine: TurnSource) {
    this.#engine = engine;
  }

  /** The rows of a query of ours under a client's settings. */
  async rows(sql: string, client: ClientSettings, signal?: AbortSignal): Promise<readonly (readonly Cell[])[]> {
    const turn = await this.#engine.turn(client, signal);
    try {
      const { tuples } = await readRows(turn, plainStatement(sql));
      return tuples;
    } finally {
      await turn.end();
    }
  }

  /** A zone by the name that SHOW TimeZone tells. */
  zone(name: string, client: ClientSettings): Promise<TimeZone> {
    const known = this.#zones.get(name);
    if (known !== undefined) return known;
    const reading = readPostgresZone(this.#engine, name, client);
    this.#zones.set(name, reading);
    reading.catch(() => this.#zones.delete(name));
    const [oldest] = this.#zones.keys();
    if (this.#zones.size > keptZones && oldest !== undefined) this.#zones.delete(oldest);
    return reading;
  }

  /** PostgreSQL's own tables and views, by their names with a schema and without. */
  systemTables(client: ClientSettings): Promise<readonly SystemTable[]> {
    this.#systemTables ??= this.#readSystemTables({ ...client, parameters: new Map() }).catch((error: unknown) => {
      this.#systemTables = undefined;
      throw error;
    });
    return this.#systemTables;
  }

  async #readSystemTables(client: ClientSettings): Promise<readonly SystemTable[]> {
    const rows = await this.rows(ownRelations, client);
    return rows.flatMap(([schema, name, columns]): readonly SystemTable[] => {
      const names: readonly string[] = JSON.parse(String(columns));
      const table = {
        name: String(name),
        // Their values never leave PostgreSQL: no type of ours is needed.
        columns: names.map((column) => ({ name: column, type: "VARCHAR" as const })),
        rows: () => [],
      };
      const qualified = { ...table, schema: String(schema) };
      return schema === "pg_catalog" ? [qualified, { ...table, schema: undefined }] : [qualified];
    });
  }
}
