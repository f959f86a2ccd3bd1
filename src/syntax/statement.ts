import type { CommonTableExpression, Expression, FromItem, Query, SelectBlock, SelectItem } from "./expression.js";
import type { SqlText } from "./sql-text.js";

/**
 * A statement of a script, read as far as no engine's parser is needed for it: what is left is the tree of one text.
 */
export interface ParsedStatement extends StatementBase {
  readonly kind: Statement["kind"];
  /** The text whose tree an engine's parser is to give; undefined where nothing is left to read. */
  readonly unparsed: SqlText | undefined;
  /** The statement; `tree` is that of `unparsed`. */
  complete(tree?: Query): Statement;
}

/** One statement of a script. `text` is its own text; `offset` its place in the script. */
export type Statement =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | MergeStatement
  | CopyStatement
  | ExecuteStatement
  | KeptWriteStatement
  | ExplainStatement
  | ShowStatement
  | DescribeStatement
  | SettingStatement
  | TransactionStatement
  | ForgetStatement
  | ViewStatement
  | TempTableStatement;

export interface StatementBase {
  readonly text: string;
  readonly offset: number;
  /** The statement's parameters in order: "1" for `?` and `$1`, else the name without its sigil. */
  readonly parameters: readonly string[];
}

/** SELECT, WITH, VALUES, FROM …: whatever DuckDB runs as a query. */
export interface SelectStatement extends StatementBase {
  readonly kind: "select";
  /** The text for DuckDB: names in double quotes, parameters as $1, $2, …, information_schema redirected. */
  readonly sql: SqlText;
  /** What the planner reads. */
  readonly query: Query;
  /** True where the text does more than the query, as COPY does: it runs once, over all rows. */
  readonly isWhole?: true;
}

export interface TableName {
  readonly schema: string | undefined;
  /** The schema as the text names it, where that may differ: a query of ours over the table names it too. */
  readonly namedSchema?: string | undefined;
  readonly name: string;
  readonly position: number;
}

export interface ColumnName {
  readonly name: string;
  readonly position: number;
}

/** An expression of a write: its text runs on DuckDB, `expression` is read for pushdown. */
export interface SqlExpression {
  readonly sql: SqlText;
  readonly expression: Expression;
  readonly position: number;
}

/** RETURNING: the select list that runs over the written rows, "Id, Email" or "*". */
export interface Returning {
  readonly sql: SqlText;
  readonly position: number;
  readonly items: readonly SelectItem[];
}

export interface InsertStatement extends StatementBase {
  readonly kind: "insert";
  readonly table: TableName;
  readonly columns: readonly ColumnName[];
  readonly source:
    | { readonly kind: "values"; readonly rows: readonly (readonly SqlExpression[])[] }
    | { readonly kind: "query"; readonly select: SelectStatement }
    | { readonly kind: "default-values" };
  readonly returning: Returning | undefined;
}

/** WITH before a write, the views that it names among it: it goes before the SELECT that finds the write's rows. */
export interface CommonTables {
  readonly sql: SqlText;
  readonly tables: readonly CommonTableExpression[];
}

/** What a write reads beside its table, as it would stand in a FROM. */
export interface WriteSource {
  readonly sql: SqlText;
  readonly item: FromItem;
}

export interface Assigned {
  readonly column: ColumnName;
  readonly value: SqlExpression;
}

export interface UpdateStatement extends StatementBase {
  readonly kind: "update";
  readonly common?: CommonTables | undefined;
  readonly table: TableName;
  readonly alias: string | undefined;
  readonly assignments: readonly Assigned[];
  /** FROM. */
  readonly source?: WriteSource | undefined;
  readonly where: SqlExpression | undefined;
  readonly returning: Returning | undefined;
}

export interface DeleteStatement extends StatementBase {
  readonly kind: "delete";
  readonly common?: CommonTables | undefined;
  readonly table: TableName;
  readonly alias: string | undefined;
  /** USING. */
  readonly source?: WriteSource | undefined;
  readonly where: SqlExpression | undefined;
  readonly returning: Returning | undefined;
}

/** MERGE, and INSERT … ON CONFLICT, which is one whose source is the rows that are to be inserted. */
export interface MergeStatement extends StatementBase {
  readonly kind: "merge";
  readonly common?: CommonTables | undefined;
  readonly table: TableName;
  readonly alias: string | undefined;
  readonly source: WriteSource;
  /** When a row of the source and one of the table match. */
  readonly condition: SqlExpression;
  /** In the order of the statement: the first that a row fits is its. */
  readonly clauses: readonly MergeClause[];
  /** Of an INSERT … ON CONFLICT. */
  readonly conflict?: ConflictKeys | undefined;
  readonly returning: Returning | undefined;
}

/** What one row and one object at most may have, of the rows that an INSERT … ON CONFLICT is to insert. */
export interface ConflictKeys {
  readonly position: number;
  /** As the statement names them: "Email", "Metadata->>'k'". */
  readonly names: readonly string[];
  /** Of the source's rows. */
  readonly values: readonly SqlExpression[];
  /** Where a row stands among them. */
  readonly place: SqlExpression;
  /** Those that the INSERT names. */
  readonly columns: readonly ColumnName[];
  /** The rows, which are to have as many. */
  readonly rows: FromItem | undefined;
}

export interface MergeClause {
  readonly matching: "matched" | "not matched" | "not matched by source";
  readonly condition: SqlExpression | undefined;
  readonly action: MergeAction;
  readonly position: number;
}

export type MergeAction =
  | { readonly kind: "nothing" }
  | { readonly kind: "delete" }
  | { readonly kind: "update"; readonly assignments: readonly Assigned[] }
  | { readonly kind: "insert"; readonly columns: readonly ColumnName[]; readonly values: readonly SqlExpression[] };

/** COPY table FROM 'file': an INSERT of a file's rows. */
export interface CopyStatement extends StatementBase {
  readonly kind: "copy";
  readonly table: TableName;
  /** None: those that the file names. */
  readonly columns: readonly ColumnName[];
  readonly file: CopiedFile;
  /** The lines of a CSV file, the objects of a JSON file, or the rows of another. */
  readonly select: SelectStatement;
}

export interface CopiedFile {
  /** As the statement names it. */
  readonly name: string;
  readonly format: "csv" | "json" | "parquet";
  /** How a CSV file is read. */
  readonly csv: CsvDialect;
}

export interface CsvDialect {
  /** Whether the first line holds the columns' names. */
  readonly hasHeader: boolean;
  readonly delimiter: string;
  readonly quote: string;
  /** What stands before a quote that is part of a cell. */
  readonly quoteEscape: string;
  /** A cell that stands for no value, as an empty one does. */
  readonly nullText: string;
}

/** EXEC | EXECUTE | CALL. */
export interface ExecuteStatement extends StatementBase {
  readonly kind: "execute";
  readonly procedure: ColumnName;
  readonly arguments: readonly { readonly name: ColumnName; readonly value: SqlExpression }[];
  /** The rows of which each is a call; undefined for a call alone. */
  readonly source?: ExecuteSource | undefined;
}

/** FROM behind a procedure's inputs, and all that may follow it in a SELECT. */
export interface ExecuteSource {
  readonly common: CommonTables | undefined;
  /** What stands behind FROM. */
  readonly sql: SqlText;
  /** The SELECT without its items. */
  readonly block: SelectBlock;
}

export interface ExplainStatement extends StatementBase {
  readonly kind: "explain";
  readonly analyze: boolean;
  readonly format: "text" | "json";
  /** True ends the first line with an estimate as PostgreSQL's EXPLAIN has it. Default false. */
  readonly costs?: boolean;
  readonly statement: Exclude<Statement, ExplainStatement>;
}

/** SHOW TABLES, SHOW VIEWS, SHOW PROCEDURES, SHOW WRITES. */
export interface ShowStatement extends StatementBase {
  readonly kind: "show";
  readonly what: "tables" | "views" | "procedures" | "writes";
}

/** SHOW WRITE 'id', RESUME WRITE 'id', FORGET WRITE 'id': of a write that the journal keeps. */
export interface KeptWriteStatement extends StatementBase {
  readonly kind: "show-write" | "resume" | "forget";
  readonly write: string;
}

/** DESCRIBE name: a table or a procedure. */
export interface DescribeStatement extends StatementBase {
  readonly kind: "describe";
  readonly name: TableName;
}

/** A setting's name as it is written. */
export interface SettingName {
  readonly name: string;
  readonly position: number;
}

/** SET, SHOW and RESET of a setting of the session's. */
export type SettingStatement = SetStatement | ShowSettingStatement | ResetStatement;

export interface SetStatement extends StatementBase {
  readonly kind: "set";
  readonly setting: SettingName;
  /** Undefined for DEFAULT. An interval is one of hours: `INTERVAL '-08:00'`. */
  readonly value: { readonly kind: "text" | "interval"; readonly text: string } | undefined;
  /** True for SET LOCAL: until the transaction ends. */
  readonly isLocal: boolean;
}

export interface ShowSettingStatement extends StatementBase {
  readonly kind: "show-setting";
  /** Undefined for all. */
  readonly setting: SettingName | undefined;
}

export interface ResetStatement extends StatementBase {
  readonly kind: "reset";
  /** Undefined for all. */
  readonly setting: SettingName | undefined;
}

export interface TransactionStatement extends StatementBase {
  readonly kind: "begin" | "commit" | "rollback";
}

/** FORGET, FORGET ALL: removes kept rows. */
export interface ForgetStatement extends StatementBase {
  readonly kind: "forget-rows";
  /** True for those of every account and key. */
  readonly all: boolean;
}

/** CREATE [TEMP] VIEW and DROP VIEW. */
export type ViewStatement = CreateViewStatement | DropViewStatement;

export interface CreateViewStatement extends StatementBase {
  readonly kind: "create-view";
  readonly name: TableName;
  /** True for OR REPLACE. */
  readonly replaces: boolean;
  /** True for one of the session's; false for one that is kept. */
  readonly isTemporary: boolean;
  /** Its query as it stands in the script. */
  readonly sql: string;
  readonly select: SelectStatement;
}

export interface DropViewStatement extends StatementBase {
  readonly kind: "drop-view";
  readonly name: TableName;
  /** True for IF EXISTS. */
  readonly isOptional: boolean;
}

/** CREATE TEMP TABLE … AS, DROP TABLE and REFRESH. */
export type TempTableStatement = CreateTempTableStatement | DropTempTableStatement | RefreshStatement;

export interface CreateTempTableStatement extends StatementBase {
  readonly kind: "create-table";
  readonly name: TableName;
  /** True for OR REPLACE. */
  readonly replaces: boolean;
  /** True for IF NOT EXISTS. */
  readonly isOptional: boolean;
  /** Its query as it stands in the script. */
  readonly sql: string;
  readonly select: SelectStatement;
}

export interface DropTempTableStatement extends StatementBase {
  readonly kind: "drop-table";
  readonly name: TableName;
  /** True for IF EXISTS. */
  readonly isOptional: boolean;
}

/** REFRESH name: the rows of a temp table are read again. */
export interface RefreshStatement extends StatementBase {
  readonly kind: "refresh";
  readonly name: TableName;
}
