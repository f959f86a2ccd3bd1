import type { SelectBlock } from "../expression.js";
import { Parser } from "../generated/select-parser.js";
import type { SqlToken } from "../normalise.js";
import { AtomCursor } from "./atom-cursor.js";
import { NotUnderstood } from "./not-understood.js";
import { placeholderText } from "./placeholder-text.js";
import { plainClasses } from "./plain-select.js";
import { readBlock } from "./read-block.js";

const parser = new Parser();

/**
 * A plain SELECT, read by node-sql-parser without an engine; undefined for any other text. Only the tree's structure
 * is taken: names and constants are the tokens', and each must be met once, in the text's order.
 */
export function readPlainSelect(tokens: readonly SqlToken[]): SelectBlock | undefined {
  const classes = plainClasses(tokens);
  if (classes === undefined) return undefined;
  const { sql, atoms } = placeholderText(tokens, classes);
  try {
    const cursor = new AtomCursor(atoms);
    const block = readBlock(parser.astify(sql, { database: "postgresql" }), cursor);
    return cursor.isAtEnd ? block : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood || isRefusal(error)) return undefined;
    throw error;
  }
}

/** node-sql-parser's own error has this name. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "SyntaxError";
}
