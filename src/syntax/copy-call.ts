import type { BuildExpression } from "./atom.js";
import type { CallManner } from "./build-expression.js";
import type { CopyCursor } from "./copy-cursor.js";
import { NotUnderstood } from "./not-understood.js";

export interface CallShape {
  readonly name: string;
  readonly build: (manner: CallManner) => BuildExpression;
}

/** Calls whose arguments SQL parts by words: EXTRACT(year FROM x), SUBSTRING(x FROM 1 FOR 2), POSITION(a IN b). */
const separators: Readonly<Record<string, readonly string[]>> = {
  extract: ["FROM"],
  substring: ["FROM", "FOR"],
  trim: ["FROM"],
  overlay: ["PLACING", "FROM", "FOR"],
  position: ["IN"],
};
const trimSides = new Set(["BOTH", "LEADING", "TRAILING"]);
const queryStarts = new Set(["SELECT", "WITH", "FROM", "VALUES"]);

/**
 * Writes the bracketed arguments at the index, and the clauses behind them, as one plain call: first its own
 * arguments, then what ORDER BY, WITHIN GROUP, FILTER and OVER hold.
 */
export function writeCall(cursor: CopyCursor, shape: CallShape): void {
  const from = cursor.output.length;
  const place = cursor.atom({ kind: "list", items: [] });
  const close = cursor.close();
  cursor.emit(`"${place}" (`, 1);
  const distinct = cursor.keyword() === "DISTINCT";
  if (distinct || cursor.keyword() === "ALL") cursor.skip(1);
  const own = queryStarts.has(cursor.keyword() ?? "")
    ? ownQuery(cursor, close)
    : ownArguments(cursor, shape.name, close);
  const extras = new Extras(cursor, own > 0);
  extras.orderBy(close);
  cursor.skip(1);
  const window = extras.clauses();
  cursor.emit(")");
  cursor.atoms[place] = { kind: "call", own, build: shape.build({ distinct, window }) };
  cursor.operandFrom = from;
}

function ownQuery(cursor: CopyCursor, close: number): number {
  cursor.writeUntil(close);
  return 1;
}

function ownArguments(cursor: CopyCursor, name: string, close: number): number {
  if (cursor.index === close) return 0;
  let count = 1;
  if (name === "extract") cursor.operand({ kind: "literal", value: { type: "string", value: cursor.token.text } }, 1);
  while (cursor.index < close && !isOrderBy(cursor)) {
    if (cursor.symbol() === "," || separators[name]?.includes(cursor.keyword() ?? "") === true) {
      cursor.emit(",", 1);
      count += 1;
    } else if (!skippedInArgument(cursor, name)) {
      cursor.writeToken();
    }
  }
  return count;
}

/** Words that belong to no argument's expression. */
function skippedInArgument(cursor: CopyCursor, name: string): boolean {
  const keyword = cursor.keyword() ?? "";
  const isNullTreatment = (keyword === "IGNORE" || keyword === "RESPECT") && cursor.keyword(1) === "NULLS";
  const isArgumentName = cursor.symbol(1) === ":=" || cursor.symbol(1) === "=>";
  if (isNullTreatment || isArgumentName) cursor.skip(2);
  else if (name === "trim" && trimSides.has(keyword)) cursor.skip(1);
  else return false;
  return true;
}

function isOrderBy(cursor: CopyCursor): boolean {
  return cursor.keyword() === "ORDER" && cursor.keyword(1) === "BY";
}

const frameStarts = new Set(["ROWS", "RANGE", "GROUPS"]);

/** The expressions of a call's clauses, each written as one more argument. */
class Extras {
  constructor(
    private readonly cursor: CopyCursor,
    private hasArguments: boolean,
  ) {}

  /** The clauses behind the arguments; true where one is OVER. */
  clauses(): boolean {
    const { cursor } = this;
    if (cursor.keyword() === "WITHIN" && cursor.keyword(1) === "GROUP" && cursor.symbol(2) === "(") this.withinGroup();
    if (cursor.keyword() === "FILTER" && cursor.symbol(1) === "(") this.filter();
    if (cursor.keyword() !== "OVER") return false;
    this.over();
    return true;
  }

  orderBy(close: number): void {
    const { cursor } = this;
    if (isOrderBy(cursor)) cursor.skip(2);
    while (cursor.index < close && !frameStarts.has(cursor.keyword() ?? "")) this.orderItem(close);
    if (cursor.index < close) this.frame(close);
  }

  private orderItem(close: number): void {
    const { cursor } = this;
    this.separate();
    while (cursor.index < close && cursor.symbol() !== "," && !frameStarts.has(cursor.keyword() ?? ""))
      this.orderPart();
    if (cursor.symbol() === ",") cursor.skip(1);
  }

  private orderPart(): void {
    const { cursor } = this;
    const keyword = cursor.keyword();
    if (keyword === "ASC" || keyword === "DESC") cursor.skip(1);
    else if (keyword === "NULLS" && cursor.keyword(1) !== undefined) cursor.skip(2);
    else cursor.writeToken();
  }

  private separate(): void {
    if (this.hasArguments) this.cursor.emit(",");
    this.hasArguments = true;
  }

  private withinGroup(): void {
    const close = this.cursor.close(2);
    this.cursor.skip(3);
    this.orderBy(close);
    this.cursor.skip(1);
  }

  private filter(): void {
    const close = this.cursor.close(1);
    this.cursor.skip(2);
    if (this.cursor.keyword() === "WHERE") this.cursor.skip(1);
    this.separate();
    this.cursor.writeUntil(close);
    this.cursor.skip(1);
  }

  private over(): void {
    const { cursor } = this;
    if (cursor.symbol(1) !== "(") throw new NotUnderstood("named window");
    const close = cursor.close(1);
    cursor.skip(2);
    if (cursor.keyword() === "PARTITION" && cursor.keyword(1) === "BY") this.partition(close);
    const isRead = cursor.index === close || isOrderBy(cursor) || frameStarts.has(cursor.keyword() ?? "");
    if (!isRead) throw new NotUnderstood("window");
    this.orderBy(close);
    cursor.skip(1);
  }

  private partition(close: number): void {
    const { cursor } = this;
    cursor.skip(2);
    this.separate();
    while (cursor.index < close && !isOrderBy(cursor) && !frameStarts.has(cursor.keyword() ?? "")) cursor.writeToken();
  }

  /** A frame may hold bounds, but no column. */
  private frame(close: number): void {
    const words = new Set(
      "ROWS RANGE GROUPS BETWEEN UNBOUNDED PRECEDING FOLLOWING AND CURRENT ROW EXCLUDE NO OTHERS GROUP TIES INTERVAL".split(
        " ",
      ),
    );
    for (; this.cursor.index < close; this.cursor.skip(1)) {
      const keyword = this.cursor.keyword();
      const isName =
        this.cursor.token.kind === "name" ||
        (keyword !== undefined && !words.has(keyword) && this.cursor.before?.kind !== "number");
      if (isName || this.cursor.symbol() === "(") throw new NotUnderstood("frame");
    }
  }
}
