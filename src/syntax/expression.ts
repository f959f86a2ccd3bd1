/**
 * A SELECT as the planner reads it, whichever parser read it: node-sql-parser a plain one, DuckDB any other. Its
 * text is what runs; the tree is never printed back to SQL. Whatever the planner has no rule for is `other`, with
 * its operands kept so that every column the statement names is still found.
 */
export type Query = SelectBlock | SetOperation;

export interface SelectBlock {
  readonly kind: "select";
  readonly ctes: readonly CommonTableExpression[];
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: FromItem | undefined;
  readonly where: Expression | undefined;
  /** All expressions of GROUP BY and of its grouping sets, and those of DISTINCT ON; GROUP BY ALL is one `other`. */
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly qualify: Expression | undefined;
  /** ORDER BY ALL is one `other`. */
  readonly orderBy: readonly OrderItem[];
  /** A percentage is `other`. */
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
}

export interface SetOperation {
  readonly kind: "set-operation";
  readonly ctes: readonly CommonTableExpression[];
  readonly operator:
    | "union"
    | "union-all"
    | "intersect"
    | "intersect-all"
    | "except"
    | "except-all"
    | "union-by-name"
    | "union-all-by-name";
  readonly left: Query;
  readonly right: Query;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
}

export interface CommonTableExpression {
  readonly name: string;
  /** Names given to its first columns: `WITH v(id, amount) AS …`; none: []. */
  readonly columns: readonly string[];
  /** True where it may read itself. */
  readonly recursive: boolean;
  readonly query: Query;
}

export interface SelectItem {
  readonly expression: Expression;
  readonly alias: string | undefined;
  /** What PostgreSQL calls it, where it has neither an alias nor a column's name. */
  readonly heading: string | undefined;
  /** True where it may be several columns: a star and its like. */
  readonly isSpread: boolean;
}

/** What FROM reads: a leaf, or a join of two. A comma is a cross join. */
export type FromItem = TableReference | DerivedTable | TableFunction | ValuesList | Pivot | Join;

interface Aliased {
  readonly alias: string | undefined;
  /** Names given to its first columns with the alias: `t AS x(a, b)`; none: []. */
  readonly columns: readonly string[];
}

export interface TableReference extends Aliased {
  readonly kind: "table";
  readonly schema: string | undefined;
  readonly name: string;
  /** Of the name, in the script. */
  readonly position: number | undefined;
  /** True under TABLESAMPLE: which rows it takes depends on all that there are. */
  readonly sampled: boolean;
}

/** A subquery, LATERAL or not; also what SUMMARIZE and DESCRIBE are asked about. */
export interface DerivedTable extends Aliased {
  readonly kind: "derived";
  readonly query: Query;
}

export interface TableFunction extends Aliased {
  readonly kind: "function";
  readonly expression: Expression;
}

export interface ValuesList extends Aliased {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
}

/** PIVOT or UNPIVOT: every column of its source may come out of it. */
export interface Pivot extends Aliased {
  readonly kind: "pivot";
  readonly source: FromItem;
  readonly expressions: readonly Expression[];
}

export interface Join {
  readonly kind: "join";
  /** "cross" for a comma too; "other" pairs rows by nearness or position: ASOF, POSITIONAL. */
  readonly join: "inner" | "left" | "right" | "full" | "cross" | "semi" | "anti" | "other";
  readonly left: FromItem;
  readonly right: FromItem;
  readonly on: Expression | undefined;
  readonly using: readonly string[];
  /** True for NATURAL: the columns that both sides have are compared. */
  readonly natural: boolean;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly direction: "ascending" | "descending";
  readonly nulls: "first" | "last" | undefined;
}

export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Expression =
  | {
      readonly kind: "column";
      readonly table: string | undefined;
      readonly name: string;
      /** True where it stood in double quotes, backticks or brackets: then a string may have been meant. */
      readonly quoted: boolean;
      /** Offset of the name in the script, where it is known. */
      readonly position: number | undefined;
    }
  | { readonly kind: "star"; readonly table: string | undefined }
  | {
      readonly kind: "literal";
      readonly value: Literal;
      /** Offset in the script of a text that is a word for a time ('today'), where it is known. */
      readonly position?: number | undefined;
    }
  | {
      readonly kind: "parameter";
      /** 0-based index into the statement's parameters. */
      readonly index: number;
      /** True among an IN's items where it is an array, and stands for each of its elements: `= ANY($1)`. */
      readonly elements?: true;
    }
  /** `INTERVAL '7 days'`, `INTERVAL 7 DAY`: the text "7 days". */
  | { readonly kind: "interval"; readonly text: string }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "is-null"; readonly operand: Expression; readonly negated: boolean }
  /** `x IS [NOT] TRUE | FALSE`. */
  | { readonly kind: "is-boolean"; readonly operand: Expression; readonly value: boolean; readonly negated: boolean }
  | {
      readonly kind: "in";
      readonly operand: Expression;
      readonly items: readonly Expression[];
      readonly negated: boolean;
    }
  | { readonly kind: "in-query"; readonly operand: Expression; readonly query: Query; readonly negated: boolean }
  | {
      readonly kind: "between";
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: "like";
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly negated: boolean;
      readonly caseInsensitive: boolean;
      /** True where a backslash in the pattern takes the meaning from what follows it, as in PostgreSQL. */
      readonly backslashEscapes?: true;
    }
  /** Type name in upper case: `x::timestamptz`, `CAST(x AS DATE)`, `TIMESTAMP '…'`, `DATE '…'`. */
  | { readonly kind: "cast"; readonly operand: Expression; readonly type: string }
  | {
      readonly kind: "arithmetic";
      readonly operator: "+" | "-" | "*" | "/" | "%";
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `a->'b'`, `a->>'b'`. */
  | {
      readonly kind: "json-access";
      readonly operand: Expression;
      readonly key: Expression;
      readonly asText: boolean;
    }
  /** Name in lower case. Also now(), current_timestamp, current_date. */
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly distinct: boolean;
      readonly window: boolean;
    }
  | { readonly kind: "subquery"; readonly query: Query }
  | { readonly kind: "exists"; readonly query: Query }
  | {
      readonly kind: "other";
      readonly operands: readonly Expression[];
      /** True where its value follows from those of its operands in one row: an operator, CASE, a list. */
      readonly perRow?: true;
      /**
       * What it is, where a rule reads it: `[a, b]`, `(a, b)`, `a || b`, and CASE, whose operands are its conditions, each
       * with its value behind it, and in the end the value of ELSE, where it has one.
       */
      readonly form?: "list" | "row" | "concatenation" | "case";
      /** Of a window function: the expressions that part its rows. */
      readonly partitions?: readonly Expression[];
      /** Of a window function: the order that its rows are numbered in. */
      readonly orders?: readonly OrderItem[];
    };

/** Integers past 2^53 and decimals keep their text in `number`, so that nothing is rounded. */
export type Literal =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "number"; readonly text: string }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "null" };
