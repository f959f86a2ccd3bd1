import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { StoredSelect } from "../../execute/select/store-select.js";
import type { ShownTable } from "../../execute/statement-context.js";
import type { TempTable } from "../../plan/temp-table.js";
import type { SelectStatement, TableName } from "../../syntax/statement.js";

export interface SessionTempTable extends TempTable {
  /** Its query, as it stood in the script. */
  readonly sql: string;
  readonly select: SelectStatement;
  /** Of the query's parameters. */
  readonly values: readonly unknown[];
  readonly rows: StoredSelect;
}

/** The temp tables of a session, which end with it. */
export class SessionTempTables {
  readonly #tables = new Map<string, SessionTempTable>();

  /** In the order of their creation. */
  get all(): readonly SessionTempTable[] {
    return [...this.#tables.values()];
  }

  find({ schema, name }: Pick<TableName, "schema" | "name">): SessionTempTable | undefined {
    return schema === undefined ? this.#tables.get(name.toLowerCase()) : undefined;
  }

  /** The one of a name; fails with 42P01 where there is none. */
  get(name: Pick<TableName, "schema" | "name"> & { readonly position?: number }): SessionTempTable {
    const found = this.find(name);
    if (found !== undefined) return found;
    throw new StripeSqlError(`temp table "${name.name}" does not exist`, {
      sqlState: SqlState.undefinedTable,
      phase: "plan",
      hint: didYouMean(
        name.name,
        this.all.map((table) => table.name),
      ),
      position: name.position,
    });
  }

  /** Its rows as they are now. */
  rowsOf(name: string): ShownTable {
    return this.get({ schema: undefined, name }).rows;
  }

  /** The rows that it takes the place of are given up once nobody reads them. */
  async set(table: SessionTempTable): Promise<void> {
    const key = table.name.toLowerCase();
    const before = this.#tables.get(key);
    this.#tables.set(key, table);
    await before?.rows.table.drop();
  }

  async drop(table: SessionTempTable): Promise<void> {
    this.#tables.delete(table.name.toLowerCase());
    await table.rows.table.drop();
  }

  /** Gives all rows up. */
  async close(): Promise<void> {
    for (const table of this.all) await this.drop(table);
  }
}
