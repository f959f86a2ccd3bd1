import Database from "better-sqlite3";
import type { Catalog, Naming, Procedure, Table, TableMatch, TableName } from "../catalog/catalog.js";
import type { CatalogFileOptions } from "./catalog-file.js";
import { openCatalogFile, replaceCatalogFile } from "./catalog-file.js";

/** The catalog over its SQLite file. A definition is read when it is first asked for, and kept. */
export class SqliteCatalog implements Catalog {
  readonly sdkVersion: string;
  readonly apiVersion: string;
  private database: Database.Database;
  private readonly tableById = new Map<number, Table>();
  private readonly matchBySpelling = new Map<string, TableMatch>();
  private readonly procedureByName = new Map<string, Procedure>();
  private names: readonly TableName[] | undefined;

  constructor(private readonly options: CatalogFileOptions) {
    this.sdkVersion = options.origin.sdkVersion;
    this.apiVersion = options.origin.apiVersion;
    this.database = openCatalogFile(options);
  }

  tables(): readonly Table[] {
    const ids = this.read<number>("SELECT id FROM table_definition ORDER BY schema, name");
    return ids.map((id) => this.table(id));
  }

  tableNames(): readonly TableName[] {
    this.names ??= this.read<string>(
      `SELECT json_object('schema', schema, 'name', name, 'stripeName', stripe_name)
       FROM table_definition ORDER BY schema, name`,
    ).map((row) => parse<TableName>(row));
    return this.names;
  }

  findTable(name: string, schema = "stripe"): TableMatch | undefined {
    // The spelling counts: it decides how the columns are named.
    const spelling = `${schema} ${name}`;
    const known = this.matchBySpelling.get(spelling);
    if (known !== undefined) return known;
    const found = this.readTable(name, schema);
    if (found !== undefined) this.matchBySpelling.set(spelling, found);
    return found;
  }

  procedures(): readonly Procedure[] {
    return this.procedureNames().flatMap((name) => this.findProcedure(name) ?? []);
  }

  procedureNames(): readonly string[] {
    return this.read<string>("SELECT name FROM procedure_definition ORDER BY name");
  }

  findProcedure(name: string): Procedure | undefined {
    const lookup = name.toLowerCase();
    const known = this.procedureByName.get(lookup);
    if (known !== undefined) return known;
    const [definition] = this.read<string>("SELECT definition FROM procedure_definition WHERE lookup = ?", lookup);
    if (definition === undefined) return undefined;
    const procedure = parse<Procedure>(definition);
    this.procedureByName.set(lookup, procedure);
    return procedure;
  }

  close(): void {
    this.database.close();
  }

  private readTable(name: string, schema: string): TableMatch | undefined {
    const [row] = this.read<string>(
      "SELECT json_array(id, naming) FROM table_lookup WHERE schema = ? AND lookup = ?",
      schema.toLowerCase(),
      name.toLowerCase(),
    );
    if (row === undefined) return undefined;
    const [id, naming] = parse<readonly [number, Naming | "either"]>(row);
    return { table: this.table(id), naming: naming === "either" ? spelledNaming(name) : naming };
  }

  private table(id: number): Table {
    const known = this.tableById.get(id);
    if (known !== undefined) return known;
    const [definition] = this.read<string>("SELECT definition FROM table_definition WHERE id = ?", id);
    if (definition === undefined) throw new RangeError(`the catalog has no table ${id}`);
    const table = parse<Table>(definition);
    this.tableById.set(id, table);
    return table;
  }

  /** The first column of the rows. A file found damaged only now is replaced, and read once more. */
  private read<T extends string | number>(sql: string, ...parameters: readonly (string | number)[]): readonly T[] {
    try {
      return this.readOnce<T>(sql, parameters);
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || !error.code.startsWith("SQLITE_")) throw error;
      const { name } = this.database;
      this.database.close();
      this.database = replaceCatalogFile(name, this.options);
      return this.readOnce<T>(sql, parameters);
    }
  }

  private readOnce<T extends string | number>(sql: string, parameters: readonly (string | number)[]): readonly T[] {
    return this.database
      .prepare<unknown[], T>(sql)
      .pluck()
      .all(...parameters);
  }
}

/** The text is of this compiler's own writing: the file's origin was checked when it was opened. */
function parse<T>(definition: string): T {
  return JSON.parse(definition) as T;
}

/** `customer` and `customers` are Stripe's spelling, `Customer` and `CUSTOMER` SQL's. */
function spelledNaming(name: string): Naming {
  return name === name.toLowerCase() ? "stripe" : "sql";
}
