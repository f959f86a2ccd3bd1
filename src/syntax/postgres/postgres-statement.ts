import type { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { CommonTableExpression, Expression, FromItem, Query, SelectItem } from "../expression.js";
import type { FunctionArgument, MentionedRelation, StatementMentions } from "./mentions.js";

/**
 * One statement of a text in PostgreSQL's dialect, as far as it matters who carries it out: tables are filled before a
 * query runs, writes and procedures go to Stripe, and a session's own commands are its own. `other` is all else, DDL
 * above all; `refused` is what is known to be impossible here.
 */
export type PostgresStatement =
  | QueryStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | CallStatement
  | SetStatement
  | ResetStatement
  | ShowStatement
  | DiscardStatement
  | TransactionStatement
  | DeclareStatement
  | FetchStatement
  | CloseStatement
  | CopyToStatement
  | CopyFromStatement
  | PrepareStatement
  | ExecuteStatement
  | DeallocateStatement
  | ExplainStatement
  | NotificationStatement
  | LockStatement
  | MaintenanceStatement
  | OtherStatement
  | RefusedStatement;

interface StatementBase {
  /** The statement's own text, without the semicolon. */
  readonly text: string;
  /** Where it starts in the script, in UTF-16 code units. Positions within are the script's too. */
  readonly offset: number;
}

/** SELECT, VALUES, TABLE, WITH. */
export interface QueryStatement extends StatementBase, StatementMentions {
  readonly kind: "query";
  readonly query: Query;
  /** FOR UPDATE, FOR SHARE and their like. */
  readonly locks: boolean;
}

export interface ColumnTarget {
  readonly name: string;
  readonly position: number | undefined;
  /** True for a part of a column: `a.b = …`, `a[1] = …`. */
  readonly isPart: boolean;
}

export interface WrittenTable extends MentionedRelation {
  /** As the text names it, also where that is the one that is looked in first; undefined where it names none. */
  readonly namedSchema: string | undefined;
}

/** A value that a write gives; undefined for DEFAULT. */
export type WrittenValue = Expression | undefined;

export interface InsertStatement extends StatementBase, StatementMentions {
  readonly kind: "insert";
  readonly table: WrittenTable;
  readonly alias: string | undefined;
  /** Of its WITH, which all that stands in it can name. */
  readonly ctes: readonly CommonTableExpression[];
  /** Empty where none are named: then all of the table's, in its order. */
  readonly columns: readonly ColumnTarget[];
  readonly source:
    | { readonly kind: "values"; readonly rows: readonly (readonly WrittenValue[])[] }
    | { readonly kind: "query"; readonly query: Query }
    | { readonly kind: "default-values" };
  /** ON CONFLICT. */
  readonly onConflict: "nothing" | "update" | undefined;
  /** Those that ON CONFLICT names; "" for an expression. */
  readonly conflictColumns: readonly string[];
  /** Undefined without RETURNING. */
  readonly returning: readonly SelectItem[] | undefined;
}

export interface UpdateStatement extends StatementBase, StatementMentions {
  readonly kind: "update";
  readonly table: WrittenTable;
  readonly alias: string | undefined;
  /** Of its WITH, which all that stands in it can name. */
  readonly ctes: readonly CommonTableExpression[];
  readonly assignments: readonly { readonly column: ColumnTarget; readonly value: WrittenValue }[];
  /** FROM. */
  readonly source: FromItem | undefined;
  readonly where: Expression | undefined;
  readonly returning: readonly SelectItem[] | undefined;
}

export interface DeleteStatement extends StatementBase, StatementMentions {
  readonly kind: "delete";
  readonly table: WrittenTable;
  readonly alias: string | undefined;
  /** Of its WITH, which all that stands in it can name. */
  readonly ctes: readonly CommonTableExpression[];
  /** USING. */
  readonly source: FromItem | undefined;
  readonly where: Expression | undefined;
  readonly returning: readonly SelectItem[] | undefined;
}

export interface CallStatement extends StatementBase, StatementMentions {
  readonly kind: "call";
  readonly schema: string | undefined;
  readonly procedure: string;
  readonly arguments: readonly FunctionArgument[];
  readonly position: number | undefined;
}

/** SET, and what is another spelling of it: SET TIME ZONE, SET NAMES, SET ROLE, SET SESSION AUTHORIZATION. */
export interface SetStatement extends StatementBase {
  readonly kind: "set";
  /** As PostgreSQL names the setting: "timezone"; "TRANSACTION" and "SESSION CHARACTERISTICS" for their modes. */
  readonly name: string;
  /** Each as a text; undefined for DEFAULT. Of `search_path` there may be several. */
  readonly values: readonly string[] | undefined;
  /** Until the transaction's end. */
  readonly isLocal: boolean;
  /** Of SET TRANSACTION. */
  readonly modes: TransactionModes;
}

/** RESET; `name` undefined for ALL. */
export interface ResetStatement extends StatementBase {
  readonly kind: "reset";
  readonly name: string | undefined;
}

/** SHOW; "all" for ALL. */
export interface ShowStatement extends StatementBase {
  readonly kind: "show";
  readonly name: string;
}

export interface DiscardStatement extends StatementBase {
  readonly kind: "discard";
  readonly target: "all" | "plans" | "sequences" | "temp";
}

/** Undefined where the statement does not say. */
export interface TransactionModes {
  /** "serializable", "repeatable read", "read committed", "read uncommitted". */
  readonly isolation: string | undefined;
  readonly readOnly: boolean | undefined;
  readonly deferrable: boolean | undefined;
}

export interface TransactionStatement extends StatementBase {
  readonly kind: "transaction";
  readonly action:
    | "begin"
    | "commit"
    | "rollback"
    | "savepoint"
    | "release"
    | "rollback-to"
    | "prepare"
    | "commit-prepared"
    | "rollback-prepared";
  /** A savepoint's name, or a prepared transaction's. */
  readonly name: string | undefined;
  /** AND CHAIN. */
  readonly chain: boolean;
  readonly modes: TransactionModes;
}

export interface DeclareStatement extends StatementBase {
  readonly kind: "declare";
  readonly cursor: string;
  /** With its own text and offset. */
  readonly statement: PostgresStatement;
  readonly isBinary: boolean;
  /** Undefined where the statement does not say. */
  readonly isScrollable: boolean | undefined;
  /** WITH HOLD: it outlives its transaction. */
  readonly isHeld: boolean;
}

export interface FetchStatement extends StatementBase {
  readonly kind: "fetch";
  readonly cursor: string;
  readonly direction: "forward" | "backward" | "absolute" | "relative";
  readonly count: number | "all";
  /** MOVE: no rows are given. */
  readonly isMove: boolean;
}

/** CLOSE; `cursor` undefined for ALL. */
export interface CloseStatement extends StatementBase {
  readonly kind: "close";
  readonly cursor: string | undefined;
}

/** An option of COPY or EXPLAIN, its name in lower case; no value where it stands alone. Lists have several. */
export interface StatementOption {
  readonly name: string;
  readonly values: readonly string[];
}

export interface CopyToStatement extends StatementBase {
  readonly kind: "copy-to";
  readonly source:
    | { readonly kind: "table"; readonly table: MentionedRelation; readonly columns: readonly string[] }
    | { readonly kind: "statement"; readonly statement: PostgresStatement };
  readonly destination: CopyEnd;
  readonly options: readonly StatementOption[];
}

export interface CopyFromStatement extends StatementBase {
  readonly kind: "copy-from";
  readonly table: MentionedRelation;
  /** Empty for all. */
  readonly columns: readonly string[];
  readonly origin: CopyEnd;
  readonly options: readonly StatementOption[];
}

export type CopyEnd =
  | { readonly kind: "client" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "program"; readonly command: string };

export interface PrepareStatement extends StatementBase {
  readonly kind: "prepare";
  readonly name: string;
  /** The parameters' types as far as they are given, each as PostgreSQL reads its name: `"pg_catalog"."int4"[]`. */
  readonly types: readonly string[];
  readonly statement: PostgresStatement;
}

export interface ExecuteStatement extends StatementBase, StatementMentions {
  readonly kind: "execute";
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** DEALLOCATE; `name` undefined for ALL. */
export interface DeallocateStatement extends StatementBase {
  readonly kind: "deallocate";
  readonly name: string | undefined;
}

export interface ExplainStatement extends StatementBase {
  readonly kind: "explain";
  readonly options: readonly StatementOption[];
  readonly statement: PostgresStatement;
}

export interface NotificationStatement extends StatementBase {
  readonly kind: "notification";
  readonly action: "listen" | "unlisten" | "notify";
  /** Undefined for `UNLISTEN *`. */
  readonly channel: string | undefined;
  readonly payload: string | undefined;
}

export interface LockStatement extends StatementBase {
  readonly kind: "lock";
  readonly relations: readonly MentionedRelation[];
}

/** ANALYZE and VACUUM; no relations for all. */
export interface MaintenanceStatement extends StatementBase {
  readonly kind: "maintenance";
  readonly action: "analyze" | "vacuum";
  readonly relations: readonly MentionedRelation[];
}

/** DDL, DO, SECURITY LABEL and all else that is neither of Stripe's nor of the session alone. */
export interface OtherStatement extends StatementBase {
  readonly kind: "other";
  /** PostgreSQL's name of its tree's node: "CreateStmt", "DropStmt", "DoStmt". */
  readonly node: string;
}

export interface RefusedStatement extends StatementBase {
  readonly kind: "refused";
  /** To be given when its turn comes: what stands before it is carried out. */
  readonly error: StripeSqlError;
}
