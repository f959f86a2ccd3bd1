import type { DeleteStatement, InsertStatement, UpdateStatement } from "./postgres-statement.js";
import type { StatementToken } from "./statement-tokens.js";
import { statementTokens } from "./statement-tokens.js";

/** Offsets in the statement's text. */
export interface TextPart {
  readonly start: number;
  readonly end: number;
}

/** Where the expressions of a write stand in its text; PostgreSQL's tree tells where each begins, not where it ends. */
export interface WriteParts {
  /** WITH and its common tables. */
  readonly common: TextPart | undefined;
  /** Of VALUES, row by row. */
  readonly rows: readonly (readonly TextPart[])[];
  /** Of INSERT … SELECT. */
  readonly query: TextPart | undefined;
  /** Values of SET, in their order: of `(a, b) = (1, 2)` two. */
  readonly assignments: readonly TextPart[];
  /** What follows UPDATE's FROM, or DELETE's USING. */
  readonly source: TextPart | undefined;
  readonly where: TextPart | undefined;
  /** What follows RETURNING. */
  readonly returning: TextPart | undefined;
}

type Token = StatementToken & {
  /** Parentheses and brackets open around it; its own for one of them. */
  readonly nesting: number;
};

export function writeParts(statement: InsertStatement | UpdateStatement | DeleteStatement): WriteParts {
  const tokens = nested(statementTokens(statement.text));
  const returningAt = indexOfWord(tokens, "RETURNING", 0);
  const end = returningAt ?? tokens.length;
  const returning = returningAt === undefined ? undefined : partOf(tokens.slice(returningAt + 1));
  const none = {
    ...{ rows: [], query: undefined, assignments: [], source: undefined, where: undefined },
    returning,
    common: commonPart(tokens),
  };
  if (statement.kind === "insert") return { ...none, ...insertParts(statement, tokens.slice(0, end)) };
  const whereAt = indexOfWord(tokens, "WHERE", 0);
  const where = whereAt === undefined ? undefined : partOf(tokens.slice(whereAt + 1, end));
  const until = whereAt ?? end;
  const sourceAt = statement.source === undefined ? undefined : sourceIndex(tokens, statement.kind);
  const source = sourceAt === undefined ? undefined : partOf(tokens.slice(sourceAt + 1, until));
  if (statement.kind === "delete") return { ...none, source, where };
  const setAt = indexOfWord(tokens, "SET", 0) ?? 0;
  return { ...none, source, where, assignments: assignmentParts(tokens.slice(setAt + 1, sourceAt ?? until)) };
}

/** Where FROM stands behind SET, or USING. IS DISTINCT FROM has one as well. */
function sourceIndex(tokens: readonly Token[], kind: "update" | "delete"): number | undefined {
  if (kind === "delete") return indexOfWord(tokens, "USING", 0);
  const index = tokens.findIndex(
    ({ text, nesting }, place) => nesting === 0 && text === "FROM" && tokens[place - 1]?.text !== "DISTINCT",
  );
  return index === -1 ? undefined : index;
}

/** WITH and its common tables: all before the word that the write begins with. */
function commonPart(tokens: readonly Token[]): TextPart | undefined {
  const at = tokens.findIndex(({ text, nesting }) => nesting === 0 && writeWords.has(text));
  return tokens[0]?.text === "WITH" && at > 0 ? partOf(tokens.slice(0, at)) : undefined;
}

const writeWords: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE"]);

function insertParts({ source, columns }: InsertStatement, tokens: readonly Token[]): Partial<WriteParts> {
  const conflictAt = tokens.findIndex(
    ({ text, nesting }, index) => nesting === 0 && text === "ON" && tokens[index + 1]?.text === "CONFLICT",
  );
  const own = conflictAt === -1 ? tokens : tokens.slice(0, conflictAt);
  if (source.kind === "default-values") return {};
  if (source.kind === "values") {
    const at = indexOfWord(own, "VALUES", 0) ?? 0;
    return { rows: listed(own.slice(at + 1), 0).map((row) => listed(inner(row), 1).map(partOf).filter(isPart)) };
  }
  const intoAt = indexOfWord(own, "INTO", 0) ?? 0;
  // Past the table's name, its alias, the columns' list, and OVERRIDING … VALUE.
  const listAt = columns.length === 0 ? -1 : own.findIndex(({ text }, index) => index > intoAt && text === ")");
  const from = Math.max(intoAt, listAt) + 1;
  const queryAt = own.findIndex(
    ({ text, nesting }, index) =>
      index >= from && ((nesting === 0 && queryWords.has(text)) || (text === "(" && nesting === 1)),
  );
  return { query: queryAt === -1 ? undefined : partOf(own.slice(queryAt)) };
}

const queryWords: ReadonlySet<string> = new Set(["SELECT", "WITH", "VALUES", "TABLE"]);

function assignmentParts(tokens: readonly Token[]): readonly TextPart[] {
  return listed(tokens, 0).flatMap((assignment) => {
    const equals = assignment.findIndex(({ text, nesting }) => nesting === 0 && text === "=");
    const value = assignment.slice(equals + 1);
    if (assignment[0]?.text !== "(") return [partOf(value)].filter(isPart);
    const row = value[0]?.text === "ROW" ? value.slice(1) : value;
    return listed(inner(row), 1).map(partOf).filter(isPart);
  });
}

/** What stands between commas of one nesting. */
function listed(tokens: readonly Token[], nesting: number): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.text === "," && token.nesting === nesting) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** Without the parentheses around it. */
const inner = (tokens: readonly Token[]): readonly Token[] => tokens.slice(1, -1);

function partOf(tokens: readonly Token[]): TextPart | undefined {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first === undefined || last === undefined ? undefined : { start: first.start, end: last.end };
}

const isPart = (part: TextPart | undefined): part is TextPart => part !== undefined;

function indexOfWord(tokens: readonly Token[], word: string, nesting: number): number | undefined {
  const index = tokens.findIndex((token) => token.text === word && token.nesting === nesting);
  return index === -1 ? undefined : index;
}

function nested(tokens: readonly StatementToken[]): readonly Token[] {
  let brackets = 0;
  return tokens.map((token) => {
    if (token.text === "[") brackets += 1;
    const nesting = token.depth + brackets;
    if (token.text === "]") brackets -= 1;
    return { ...token, nesting };
  });
}
