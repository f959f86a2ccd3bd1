import sqlParser from "node-sql-parser/build/postgresql.js";
import { AtomTable } from "./atom-table.js";
import type { Reading } from "./convert-expression.js";
import { convertQuery } from "./convert-query.js";
import type { Query, SelectItem } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { normalise } from "./normalise.js";
import { NotUnderstood } from "./not-understood.js";
import { ParameterNumbering } from "./parameter-numbering.js";
import { asList } from "./parser-tree.js";
import { plannerCopy } from "./planner-copy.js";
import { readTokens } from "./read-tokens.js";

const parser = new sqlParser.Parser();

/**
 * A query as far as the planner reads it; undefined where any part of it is not understood, which is no
 * error: DuckDB judges the text.
 */
export function parseSelect(sql: string): Query | undefined {
  return parseSelectTokens(normalise(readTokens(sql), sql, new ParameterNumbering()));
}

export function parseSelectTokens(tokens: readonly SqlToken[]): Query | undefined {
  try {
    return readQuery(tokens);
  } catch (error) {
    if (error instanceof NotUnderstood || isRefusal(error)) return undefined;
    throw error;
  }
}

const select: SqlToken = { kind: "word", text: "SELECT", sql: "SELECT", start: 0, gap: "" };

/** A select list, `Id, Email AS address`, or undefined where it is not understood. */
export function parseSelectList(tokens: readonly SqlToken[]): readonly SelectItem[] | undefined {
  const query = parseSelectTokens([select, ...tokens]);
  return query?.kind === "select" && query.from.length === 0 && query.where === undefined ? query.items : undefined;
}

function readQuery(tokens: readonly SqlToken[]): Query {
  const copy = plannerCopy(tokens);
  const table = new AtomTable(copy.atoms);
  const reading: Reading = { atom: (index) => table.find(index), query: (value) => convertQuery(value, reading) };
  const query = convertQuery(onlyStatement(parser.astify(copy.text, { database: "postgresql" })), reading);
  table.requireAllMet();
  return query;
}

function onlyStatement(tree: unknown): unknown {
  if (!Array.isArray(tree)) return tree;
  const [only, ...rest] = asList(tree);
  if (rest.length > 0) throw new NotUnderstood("several statements");
  return only;
}

/** node-sql-parser's own error has this name; a stack that a deep nesting overflows is a RangeError. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && (error.name === "SyntaxError" || error instanceof RangeError);
}
