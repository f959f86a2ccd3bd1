import type { Token } from "./token.js";

/** A statement as statement.peggy leaves it: structure, with names and expressions still tokens. */
export type RawStatement = RawPlainStatement | RawExplain;

export type RawPlainStatement =
  | RawSelect
  | RawInsert
  | RawUpdate
  | RawDelete
  | RawMerge
  | RawCopy
  | RawExecute
  | RawKeptWrite
  | RawShow
  | RawDescribe
  | RawShowSetting
  | RawSet
  | RawReset
  | RawTransaction
  | RawForget
  | RawCreateView
  | RawCreateTable
  | RawDropTable
  | RawRefresh
  | RawDropView
  | RawUnknown;

export interface RawRange {
  readonly start: number;
  readonly end: number;
}

export interface RawSelect extends RawRange {
  readonly kind: "select";
  readonly tokens: readonly Token[];
}

export interface RawTableName {
  readonly schema: Token | null;
  readonly name: Token;
}

/** The tokens of one expression, or of a list of them. */
export type RawExpression = readonly Token[];

/** The tokens of WITH and its common tables; none: []. */
export type RawCommonTables = readonly Token[];

export interface RawInsert extends RawRange {
  readonly kind: "insert";
  readonly common: RawCommonTables;
  readonly table: RawTableName;
  readonly alias: Token | null;
  readonly columns: readonly Token[];
  readonly source:
    | { readonly kind: "values"; readonly rows: readonly (readonly RawExpression[])[] }
    | ({ readonly kind: "query"; readonly tokens: readonly Token[] } & RawRange)
    | { readonly kind: "default-values" };
  readonly conflict: RawConflict | null;
  readonly returning: RawExpression | null;
}

/** ON CONFLICT. */
export interface RawConflict {
  readonly start: number;
  /** None where the statement does not say which columns. */
  readonly target: readonly RawExpression[];
  readonly action:
    | { readonly kind: "nothing" }
    | {
        readonly kind: "update";
        readonly assignments: readonly RawAssignment[];
        readonly where: RawExpression | null;
      };
}

export interface RawAssignment {
  readonly column: Token;
  readonly value: RawExpression;
}

export interface RawUpdate extends RawRange {
  readonly kind: "update";
  readonly common: RawCommonTables;
  readonly table: RawTableName;
  readonly alias: Token | null;
  readonly assignments: readonly RawAssignment[];
  /** Of FROM; none: []. */
  readonly source: readonly Token[];
  readonly where: RawExpression | null;
  readonly returning: RawExpression | null;
}

export interface RawDelete extends RawRange {
  readonly kind: "delete";
  readonly common: RawCommonTables;
  readonly table: RawTableName;
  readonly alias: Token | null;
  /** Of USING; none: []. */
  readonly source: readonly Token[];
  readonly where: RawExpression | null;
  readonly returning: RawExpression | null;
}

export interface RawMerge extends RawRange {
  readonly kind: "merge";
  readonly common: RawCommonTables;
  readonly table: RawTableName;
  readonly alias: Token | null;
  readonly source: readonly Token[];
  readonly condition: RawExpression;
  readonly clauses: readonly RawMergeClause[];
  readonly returning: RawExpression | null;
}

export interface RawMergeClause {
  readonly start: number;
  readonly matching: "matched" | "not matched" | "not matched by source";
  readonly condition: RawExpression | null;
  readonly action:
    | { readonly kind: "nothing" }
    | { readonly kind: "delete" }
    | { readonly kind: "update"; readonly assignments: readonly RawAssignment[] }
    | { readonly kind: "insert"; readonly columns: readonly Token[]; readonly values: readonly RawExpression[] };
}

/** COPY table FROM 'file'. */
export interface RawCopy extends RawRange {
  readonly kind: "copy";
  readonly table: RawTableName;
  readonly columns: readonly Token[];
  readonly file: Token;
  readonly options: readonly { readonly name: Token; readonly value: Token | null }[];
}

export interface RawExecute extends RawRange {
  readonly kind: "execute";
  readonly procedure: Token;
  readonly arguments: readonly { readonly name: Token; readonly value: RawExpression }[];
  /** FROM and all behind it; none: []. */
  readonly source: readonly Token[];
}

export interface RawExplain extends RawRange {
  readonly kind: "explain";
  readonly options: { readonly analyze?: boolean; readonly format?: "text" | "json" };
  readonly statement: RawPlainStatement;
}

export interface RawShow extends RawRange {
  readonly kind: "show";
  readonly what: "tables" | "procedures" | "writes";
}

export interface RawKeptWrite extends RawRange {
  readonly kind: "show-write" | "resume" | "forget";
  readonly write: Token;
}

export interface RawDescribe extends RawRange {
  readonly kind: "describe";
  readonly name: RawTableName;
}

export interface RawShowSetting extends RawRange {
  readonly kind: "show-setting";
  /** Null for all. */
  readonly setting: Token | null;
}

export interface RawSet extends RawRange {
  readonly kind: "set";
  readonly setting: Token;
  readonly value:
    | { readonly kind: "default" }
    | { readonly kind: "interval"; readonly text: Token }
    | { readonly kind: "text"; readonly text: Token | string };
  readonly isLocal: boolean;
}

export interface RawReset extends RawRange {
  readonly kind: "reset";
  /** Null for all. */
  readonly setting: Token | null;
}

export interface RawTransaction extends RawRange {
  readonly kind: "begin" | "commit" | "rollback";
}

export interface RawForget extends RawRange {
  readonly kind: "forget-rows";
  readonly all: boolean;
}

export interface RawCreateView extends RawRange {
  readonly kind: "create-view";
  readonly replaces: boolean;
  readonly isTemporary: boolean;
  readonly name: RawTableName;
  readonly query: RawNamedQuery;
}

/** A query that gets a name. */
export type RawNamedQuery = { readonly tokens: readonly Token[] } & RawRange;

export interface RawDropView extends RawRange {
  readonly kind: "drop-view";
  readonly isOptional: boolean;
  readonly name: RawTableName;
}

export interface RawCreateTable extends RawRange {
  readonly kind: "create-table";
  readonly replaces: boolean;
  readonly isOptional: boolean;
  readonly name: RawTableName;
  readonly query: RawNamedQuery;
}

export interface RawDropTable extends RawRange {
  readonly kind: "drop-table";
  readonly isOptional: boolean;
  readonly name: RawTableName;
}

export interface RawRefresh extends RawRange {
  readonly kind: "refresh";
  readonly name: RawTableName;
}

/** A statement that begins with a word that no statement of ours begins with. */
export interface RawUnknown extends RawRange {
  readonly kind: "unknown";
  readonly keyword: Token;
}
