import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Query } from "../expression.js";
import type { SqlText } from "../sql-text.js";
import { tooDeep } from "../syntax-error.js";
import { rememberNode } from "./engine-nodes.js";
import type { KnownFunctions } from "./known-functions.js";
import { requireKnownFunctions } from "./known-functions.js";
import { readExpression } from "./read-expression.js";
import { readFrom } from "./read-from.js";
import { readQuery } from "./read-query.js";
import { refusal } from "./refusal.js";
import { requireFewJoins } from "./require-few-joins.js";
import type { SerializedNode } from "./serialized-node.js";
import { isNode, nodeAt, nodesAt } from "./serialized-node.js";
import { SourceText } from "./source-text.js";

/**
 * The query that DuckDB's own tree of a text stands for. `serialized` is what `SELECT json_serialize_sql(text)` gives.
 * An engine with a parser of its own has a folder beside this one, with a function of the same signature.
 * Errors: 42601 with its place in the script for a text that DuckDB cannot parse, 0A000 for what it does not do, 54000,
 * 42883 and 42501 for functions that may not be called.
 */
export function readDuckdbTree(serialized: string, text: SqlText, known: KnownFunctions): Query {
  const tree = parseJson(serialized);
  if (tree["error"] === true) throw refusal(tree, text);
  const [statement, ...others] = nodesAt(tree, "statements");
  const node = statement === undefined ? undefined : nodeAt(statement, "node");
  if (node === undefined || others.length > 0) throw unknownTree();
  const source = new SourceText(text);
  return withinStack(() => {
    requireKnownFunctions(node, source, known);
    requireFewJoins(node);
    return readQuery(node, {
      source,
      parameters: new Set(),
      commonTables: [],
      sampled: false,
      query: (inner, reading) => rememberNode(readQuery(inner, reading), inner, reading.commonTables),
      from: (item, reading) => rememberNode(readFrom(item, reading), item, reading.commonTables),
      expression: readExpression,
    });
  });
}

function parseJson(serialized: string): SerializedNode {
  const tree: unknown = JSON.parse(/:-?(?:Infinity|NaN)/.test(serialized) ? withoutInfinity(serialized) : serialized);
  if (!isNode(tree)) throw unknownTree();
  return tree;
}

/** DuckDB writes an infinite number as no JSON has it. */
function withoutInfinity(serialized: string): string {
  return serialized.replace(/"(?:[^"\\]|\\.)*"|-?(?:Infinity|NaN)/g, (part) => (part.startsWith('"') ? part : "null"));
}

function withinStack<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? tooDeep(error) : error;
  }
}

function unknownTree(): StripeSqlError {
  return new StripeSqlError("the local engine's tree of a query has an unknown form", {
    sqlState: SqlState.internalError,
    phase: "syntax",
    hint: "This is a mistake in stripe-sql; please report it.",
  });
}
