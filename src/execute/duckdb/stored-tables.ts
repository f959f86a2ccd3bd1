import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { quoteName } from "../../value/quote.js";
import type { RunOptions } from "../engine/run-options.js";
import type { StoredTable, TableDraft } from "../engine/stored-table.js";
import type { OutputColumn } from "../row-source.js";

/** A session's connection, as far as storing needs it. */
export interface StoringConnection {
  /** Runs a statement of ours. */
  execute(sql: string): Promise<void>;
  /** Runs one made of a user's text, errors placed in that; gives the first value of its first row. */
  runAround(around: readonly [string, string], options: RunOptions): Promise<unknown>;
  columnsOf(sql: string): Promise<readonly OutputColumn[]>;
}

/**
 * The tables of an engine that outlive their statements. They are in a database in memory that no statement can name, as
 * no schema is called so; what does not fit into memory goes where all that is spilled goes.
 */
export class StoredTables {
  readonly #remove: (sql: string) => Promise<void>;
  #count = 0;

  /** @param remove Runs a statement on a connection of its own, where the engine still runs any. */
  constructor(remove: (sql: string) => Promise<void>) {
    this.#remove = remove;
  }

  async begin(connection: StoringConnection, options: RunOptions): Promise<TableDraft> {
    this.#count += 1;
    const name = `${database}.${quoteName(`t${this.#count}`)}`;
    await connection.execute(`ATTACH IF NOT EXISTS ':memory:' AS ${database}`);
    const drop = () => this.#remove(`DROP TABLE IF EXISTS ${name}`);
    try {
      await connection.runAround([`CREATE TABLE ${name} AS `, ""], options);
    } catch (error) {
      await drop();
      throw error;
    }
    return {
      add: async (more, most) =>
        Number(await connection.runAround([`INSERT INTO ${name} SELECT * FROM (`, `\n) LIMIT ${most}`], more)),
      finish: async () => {
        const columns = await connection.columnsOf(`SELECT * FROM ${name} LIMIT 0`);
        const rowCount = Number(await connection.runAround([`SELECT count(*) FROM ${name}`, ""], noText));
        return new DuckdbStoredTable(name, { columns, rowCount, drop, of: this });
      },
      discard: drop,
    };
  }

  /** The table as one of this engine's; 55000 where it is another's, which has ended. */
  own(table: StoredTable, name: string): DuckdbStoredTable {
    if (table instanceof DuckdbStoredTable && table.of === this) return table;
    throw new StripeSqlError(`the rows of "${name}" are lost`, {
      sqlState: SqlState.objectNotInPrerequisiteState,
      phase: "execute",
      detail: "The local engine that held them had to be replaced.",
      hint: `REFRESH ${quoteName(name)} reads them again.`,
    });
  }
}

const database = "stored";
const noText: RunOptions = { sql: "", parameters: [] };

interface StoredParts {
  readonly columns: readonly OutputColumn[];
  readonly rowCount: number;
  readonly drop: () => Promise<void>;
  readonly of: StoredTables;
}

/** Rows in a table of the engine's. */
class DuckdbStoredTable implements StoredTable {
  /** As the engine's statements name it. */
  readonly name: string;
  readonly columns: readonly OutputColumn[];
  readonly rowCount: number;
  readonly of: StoredTables;
  readonly #remove: () => Promise<void>;
  #readers = 0;
  #isDropped = false;

  constructor(name: string, { columns, rowCount, drop, of }: StoredParts) {
    this.name = name;
    this.columns = columns;
    this.rowCount = rowCount;
    this.of = of;
    this.#remove = drop;
  }

  /** Keeps the rows until the statement that reads them gives them back. */
  hold(): () => Promise<void> {
    this.#readers += 1;
    return async () => {
      this.#readers -= 1;
      if (this.#isDropped && this.#readers === 0) await this.#remove();
    };
  }

  async drop(): Promise<void> {
    if (this.#isDropped) return;
    this.#isDropped = true;
    if (this.#readers === 0) await this.#remove();
  }
}
