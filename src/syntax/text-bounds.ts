import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** What a text of SQL may hold at most. */
export interface TextBounds {
  /** UTF-16 code units. */
  readonly length: number;
  /** Semicolons that stand outside of quotations and comments. */
  readonly semicolons: number;
  /** Brackets of all kinds within each other, comments too. */
  readonly depth: number;
  /** Words AND and OR: the local engine's time for them grows by their square. */
  readonly conjunctions: number;
}

/**
 * Quotations as a whole, so that nothing in them counts, and what is counted. Those that are not closed end with the
 * text: whoever parses it says so.
 */
const outsideComments =
  /\b[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'?|'[^']*'?|"[^"]*"?|`[^`]*`?|\$\w*\$|--[^\n\r]*|\/\*|[()[\]{};]|\b(?:AND|OR)\b/gi;

const insideComments = /\/\*|\*\//g;

/** Refuses a text beyond the bounds with 54000, before any parser gets it. Nothing is looked at twice: the time is the text's length. */
export function requireWithinBounds(text: string, bounds: TextBounds): void {
  if (text.length > bounds.length) throw beyond("is too long", `At most ${bounds.length} characters are read.`);
  const depth = new Count("is nested too deeply", `At most ${bounds.depth} levels are read.`, bounds.depth);
  const semicolons = new Count(
    "holds too many statements",
    `At most ${bounds.semicolons} are read.`,
    bounds.semicolons,
  );
  const conjunctions = new Count(
    "holds too many conditions",
    `At most ${bounds.conjunctions} times AND or OR are read.`,
    bounds.conjunctions,
    "Compare with many values by IN (…).",
  );
  const pattern = new RegExp(outsideComments);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { 0: token, index } = match;
    if (token === "/*") pattern.lastIndex = endOfComment(text, index, bounds.depth);
    else if (/^\$\w*\$$/.test(token)) pattern.lastIndex = endOfDollars(text, token, index);
    else if (/^[([{]$/.test(token)) depth.add(1, index);
    else if (/^[)\]}]$/.test(token)) depth.add(-1, index);
    else if (token === ";") semicolons.add(1, index);
    else if (/^(?:AND|OR)$/i.test(token)) conjunctions.add(1, index);
  }
}

class Count {
  readonly #what: string;
  readonly #detail: string;
  readonly #most: number;
  readonly #hint: string | undefined;
  #count = 0;

  constructor(what: string, detail: string, most: number, hint?: string) {
    this.#what = what;
    this.#detail = detail;
    this.#most = most;
    this.#hint = hint;
  }

  add(change: 1 | -1, position: number): void {
    this.#count += change;
    if (this.#count > this.#most) throw beyond(this.#what, this.#detail, position, this.#hint);
  }
}

/** Comments stand in each other. */
function endOfComment(text: string, start: number, deepest: number): number {
  const depth = new Count("is nested too deeply", `At most ${deepest} levels are read.`, deepest);
  let open = 0;
  const pattern = new RegExp(insideComments);
  pattern.lastIndex = start;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const change = match[0] === "/*" ? 1 : -1;
    open += change;
    depth.add(change, match.index);
    if (open === 0) return pattern.lastIndex;
  }
  return text.length;
}

function endOfDollars(text: string, quote: string, start: number): number {
  const close = text.indexOf(quote, start + quote.length);
  return close < 0 ? text.length : close + quote.length;
}

function beyond(what: string, detail: string, position?: number, hint?: string): StripeSqlError {
  return new StripeSqlError(`the text ${what}`, {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    detail,
    hint,
    position,
  });
}
