import type { LooseToken } from "./loose-tokens.js";
import { looseTokens } from "./loose-tokens.js";

/** What stands between two parentheses, or from one to the text's end. */
export interface Group {
  readonly kind: "group";
  readonly nodes: readonly Node[];
}

export type Node = LooseToken | Group;

/** One of the groups around the cursor, and how many of its nodes stand before it. */
export interface Level {
  readonly nodes: readonly Node[];
  readonly index: number;
}

/** The statement that a cursor stands in, without the word that is being typed there. */
export interface StatementAtCursor {
  /** From the whole statement to the innermost parentheses around the cursor. */
  readonly levels: readonly Level[];
  /** What is being typed; undefined where nothing is, or a number. */
  readonly typed: LooseToken | undefined;
}

/** Undefined within a comment or behind what is already whole. */
export function statementAtCursor(text: string, cursor: number): StatementAtCursor | undefined {
  const tokens = looseTokens(text);
  if (tokens.some((token) => isInside(token, cursor))) return undefined;
  const typed = tokens.find((token) => isTyped(token, cursor));
  const others = statementOf(
    tokens.filter((token) => token !== typed && token.kind !== "comment"),
    cursor,
  );
  return { levels: levelsOf(others, cursor), typed: typed && { ...typed, text: textUpTo(typed, text, cursor) } };
}

/** Where no name can be completed: in comments, numbers, and behind a quotation that has been closed. */
function isInside({ kind, start, end, isOpen }: LooseToken, cursor: number): boolean {
  if (start >= cursor || cursor > end) return false;
  if (kind === "comment") return isOpen || cursor < end;
  return kind === "number" || (kind === "string" && cursor === end && !isOpen);
}

function isTyped({ kind, start, end }: LooseToken, cursor: number): boolean {
  return start < cursor && cursor <= end && (kind === "word" || kind === "name" || kind === "string");
}

/** What is typed of it before the cursor, without an opening quote. */
function textUpTo({ kind, start }: LooseToken, text: string, cursor: number): string {
  return text.slice(kind === "word" ? start : start + 1, cursor);
}

/** The tokens between the semicolons around the cursor. */
function statementOf(tokens: readonly LooseToken[], cursor: number): readonly LooseToken[] {
  const ends = tokens.filter((token) => token.kind === "symbol" && token.text === ";");
  const after = ends.findLast(({ end }) => end <= cursor)?.end ?? 0;
  const before = ends.find(({ start }) => start >= cursor)?.start ?? Number.POSITIVE_INFINITY;
  return tokens.filter(({ start }) => start >= after && start < before);
}

interface OpenGroup {
  readonly kind: "group";
  readonly nodes: Node[];
}

function levelsOf(tokens: readonly LooseToken[], cursor: number): readonly Level[] {
  const open: OpenGroup[] = [{ kind: "group", nodes: [] }];
  const innermost = () => open[open.length - 1] ?? { kind: "group", nodes: [] };
  const levelsHere = () => open.map(({ nodes }) => ({ nodes, index: nodes.length }));
  let levels: readonly Level[] | undefined;
  for (const token of tokens) {
    if (token.start >= cursor) levels ??= levelsHere();
    if (token.kind === "symbol" && token.text === "(") {
      const group: OpenGroup = { kind: "group", nodes: [] };
      innermost().nodes.push(group);
      open.push(group);
    } else if (token.kind === "symbol" && token.text === ")") {
      if (open.length > 1) open.pop();
    } else innermost().nodes.push(token);
  }
  return levels ?? levelsHere();
}

/** True for a word of SQL's at a place, whatever its case. */
export function isWord(node: Node | undefined, ...words: readonly string[]): boolean {
  return node?.kind === "word" && words.includes(node.text.toUpperCase());
}

export function isSymbol(node: Node | undefined, ...symbols: readonly string[]): boolean {
  return node?.kind === "symbol" && symbols.includes(node.text);
}

/** The text of a name, quoted or not. */
export function nameOf(node: Node | undefined): string | undefined {
  return node?.kind === "word" || node?.kind === "name" ? node.text : undefined;
}
