import { readConstant } from "./constant.js";
import type { ArrayParameters } from "./expand-arrays.js";
import { expandArrays } from "./expand-arrays.js";
import type { Views } from "./expand-views.js";
import { commonNames, expandViews, expandViewsWithin } from "./expand-views.js";
import type { CommonTableExpression, Expression, FromItem, SelectItem } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { normalise, ourName, ourToken, printTokens } from "./normalise.js";
import { ParameterNumbering } from "./parameter-numbering.js";
import type { PendingQuery } from "./pending-query.js";
import { pendingQuery } from "./pending-query.js";
import { refuseWritesWithin } from "./refuse-statement.js";
import type { CommonTables, Returning, SqlExpression, TableName } from "./statement.js";
import type { RawExpression } from "./statement-tree.js";
import type { Token } from "./token.js";

/** The items and the condition of the SELECT that a write's expressions were gathered into. */
export interface GatheredTree {
  readonly items: readonly SelectItem[];
  readonly where: Expression | undefined;
  readonly from: FromItem | undefined;
  readonly ctes: readonly CommonTableExpression[];
}

/** A part of a write, once the tree of its expressions is there. */
export type Pending<Part> = (tree: GatheredTree) => Part;

/**
 * Gathers a statement's expressions, in the order of its text, which numbers its parameters, into one SELECT:
 * `WITH … SELECT NULL, (value), (value), returning FROM table AS alias, … WHERE condition`. A constant needs no reading.
 */
export class WriteExpressions {
  private readonly numbering = new ParameterNumbering();
  private readonly values: (readonly SqlToken[])[] = [];
  private condition: readonly SqlToken[] = [];
  private list: readonly SqlToken[] = [];
  private commonTables: readonly SqlToken[] = [];
  private rows: readonly SqlToken[] = [];

  constructor(
    readonly source: string,
    private readonly arrays: ArrayParameters,
    private readonly isWrite = true,
    readonly views: Views = new Map(),
  ) {}

  /** The statement's parameters so far. */
  get parameters(): readonly string[] {
    return this.numbering.names;
  }

  /** False where the statement has nothing but constants. */
  get areAny(): boolean {
    return [this.values, this.condition, this.list, this.commonTables, this.rows].some(({ length }) => length > 0);
  }

  tokens(raw: readonly Token[]): readonly SqlToken[] {
    return this.expanded(raw, this.isWrite);
  }

  /** Those of a query or a condition, in which an array is a list and no value that is given to Stripe. */
  queryTokens(raw: readonly Token[]): readonly SqlToken[] {
    return this.expanded(raw, false);
  }

  private expanded(raw: readonly Token[], isWrite: boolean): readonly SqlToken[] {
    const tokens = normalise(raw, this.source, this.numbering);
    return this.arrays.size === 0 ? tokens : expandArrays(tokens, this.arrays, { isWrite });
  }

  value(raw: RawExpression): Pending<SqlExpression> {
    return this.valueOf(this.withViews(this.tokens(raw)), raw[0]?.start ?? 0);
  }

  /** A value of tokens that are made of the script's. */
  valueOf(tokens: readonly SqlToken[], position: number): Pending<SqlExpression> {
    const place = { sql: printTokens(tokens), position };
    const constant = readConstant(tokens);
    if (constant !== undefined) return () => ({ ...place, expression: constant });
    // The first item is a NULL.
    const index = this.values.push(tokens);
    return ({ items }) => ({ ...place, expression: items[index]?.expression ?? nothing });
  }

  where(raw: RawExpression | null): Pending<SqlExpression | undefined> {
    if (raw === null) return () => undefined;
    this.condition = this.withViews(this.queryTokens(raw));
    const place = placeOf(raw, this.condition);
    return ({ where }) => ({ ...place, expression: where ?? nothing });
  }

  /** RETURNING comes after all values. */
  returning(raw: RawExpression | null): Pending<Returning | undefined> {
    if (raw === null) return () => undefined;
    this.list = this.withViews(this.tokens(raw));
    const place = placeOf(raw, this.list);
    const index = this.values.length + 1;
    return ({ items }) => ({ ...place, items: items.slice(index) });
  }

  /** WITH and its common tables come before all else. */
  common(raw: readonly Token[]): void {
    refuseWritesWithin(raw);
    this.commonTables = this.queryTokens(raw);
  }

  /** What stands in the SELECT's FROM beside the table, or instead of it. */
  beside(raw: readonly Token[]): readonly SqlToken[] {
    refuseWritesWithin(raw);
    this.rows = this.queryTokens(raw);
    return this.rows;
  }

  /** A view that is named in a subquery stands within it; the statement's own common tables come before views. */
  private withViews(tokens: readonly SqlToken[]): readonly SqlToken[] {
    if (this.views.size === 0) return tokens;
    const own = commonNames(this.commonTables);
    return expandViewsWithin(tokens, new Map([...this.views].filter(([key]) => !own.has(key))));
  }

  /** The SELECT's tokens; `from` are those behind its FROM, up to its WHERE. */
  select(from: readonly SqlToken[]): readonly SqlToken[] {
    return [
      ...words("SELECT NULL"),
      ...this.values.flatMap((value) => [comma, ...inParentheses(value)]),
      ...(this.list.length === 0 ? [] : [comma, ...this.list]),
      ...words("FROM"),
      ...from,
      ...(this.condition.length === 0 ? [] : [...words("WHERE"), ...this.condition]),
    ];
  }

  /** The query of the expressions; undefined where there is none to be read. */
  gather(from: readonly SqlToken[]): GatheredQuery {
    if (!this.areAny) return { query: undefined, common: () => undefined };
    const select = this.select(from);
    const tokens = expandViews([...this.commonTables, ...select], this.views);
    const common = printTokens(tokens.slice(0, tokens.length - select.length));
    return {
      query: pendingQuery(tokens),
      common: ({ ctes: tables }) => (common.sql === "" ? undefined : { sql: common, tables }),
    };
  }
}

/** The query of a write's expressions, and what stands before its SELECT. */
export interface GatheredQuery {
  readonly query: PendingQuery | undefined;
  readonly common: Pending<CommonTables | undefined>;
}

function placeOf(raw: RawExpression, tokens: readonly SqlToken[]): Pick<SqlExpression, "sql" | "position"> {
  return { sql: printTokens(tokens), position: raw[0]?.start ?? 0 };
}

/** No tree of the gathered SELECT lacks an item: each stands in parentheses. */
export const nothing: Expression = { kind: "other", operands: [] };

export const comma = ourToken("operator", ",");

export function inParentheses(tokens: readonly SqlToken[]): readonly SqlToken[] {
  return [ourToken("open", "("), ...tokens, ourToken("close", ")")];
}

/** The table that is written, as expressions call it. */
export function tableTokens({ name }: Pick<TableName, "name">, alias: string | undefined): readonly SqlToken[] {
  return [ourName(name), ...(alias === undefined ? [] : [...words("AS"), ourName(alias)])];
}

/** Tokens of words parted by spaces. */
export function words(text: string): readonly SqlToken[] {
  return text.split(" ").map((word) => ourToken("word", word));
}
