import { readConstant } from "./constant.js";
import type { ArrayParameters } from "./expand-arrays.js";
import { expandArrays } from "./expand-arrays.js";
import type { Views } from "./expand-views.js";
import type { Expression, SelectItem } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { normalise, ourName, ourToken, printTokens } from "./normalise.js";
import { ParameterNumbering } from "./parameter-numbering.js";
import type { Returning, SqlExpression } from "./statement.js";
import type { RawExpression } from "./statement-tree.js";
import type { Token } from "./token.js";

/** The items and the condition of the SELECT that a write's expressions were gathered into. */
export interface GatheredTree {
  readonly items: readonly SelectItem[];
  readonly where: Expression | undefined;
}

/** A part of a write, once the tree of its expressions is there. */
export type Pending<Part> = (tree: GatheredTree) => Part;

/**
 * Gathers a statement's expressions, in the order of its text, which numbers its parameters, into one SELECT:
 * `SELECT NULL, (value), (value), returning FROM table AS alias WHERE condition`. A constant needs no reading.
 */
export class WriteExpressions {
  private readonly numbering = new ParameterNumbering();
  private readonly values: (readonly SqlToken[])[] = [];
  private condition: readonly SqlToken[] = [];
  private list: readonly SqlToken[] = [];

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
    return this.values.length > 0 || this.condition.length > 0 || this.list.length > 0;
  }

  tokens(raw: readonly Token[]): readonly SqlToken[] {
    const tokens = normalise(raw, this.source, this.numbering);
    return this.arrays.size === 0 ? tokens : expandArrays(tokens, this.arrays, { isWrite: this.isWrite });
  }

  value(raw: RawExpression): Pending<SqlExpression> {
    const tokens = this.tokens(raw);
    const place = placeOf(raw, tokens);
    const constant = readConstant(tokens);
    if (constant !== undefined) return () => ({ ...place, expression: constant });
    // The first item is a NULL.
    const index = this.values.push(tokens);
    return ({ items }) => ({ ...place, expression: items[index]?.expression ?? nothing });
  }

  where(raw: RawExpression | null): Pending<SqlExpression | undefined> {
    if (raw === null) return () => undefined;
    this.condition = this.tokens(raw);
    const place = placeOf(raw, this.condition);
    return ({ where }) => ({ ...place, expression: where ?? nothing });
  }

  /** RETURNING comes after all values. */
  returning(raw: RawExpression | null): Pending<Returning | undefined> {
    if (raw === null) return () => undefined;
    this.list = this.tokens(raw);
    const place = placeOf(raw, this.list);
    const index = this.values.length + 1;
    return ({ items }) => ({ ...place, items: items.slice(index) });
  }

  /** The SELECT's tokens. */
  select(table: string, alias: string | undefined): readonly SqlToken[] {
    return [
      ...words("SELECT NULL"),
      ...this.values.flatMap((value) => [comma, ourToken("open", "("), ...value, ourToken("close", ")")]),
      ...(this.list.length === 0 ? [] : [comma, ...this.list]),
      ...words("FROM"),
      ourName(table),
      ...(alias === undefined ? [] : [...words("AS"), ourName(alias)]),
      ...(this.condition.length === 0 ? [] : [...words("WHERE"), ...this.condition]),
    ];
  }
}

function placeOf(raw: RawExpression, tokens: readonly SqlToken[]): Pick<SqlExpression, "sql" | "position"> {
  return { sql: printTokens(tokens), position: raw[0]?.start ?? 0 };
}

/** No tree of the gathered SELECT lacks an item: each stands in parentheses. */
const nothing: Expression = { kind: "other", operands: [] };

const comma = ourToken("operator", ",");

/** Tokens of words parted by spaces. */
export function words(text: string): readonly SqlToken[] {
  return text.split(" ").map((word) => ourToken("word", word));
}
