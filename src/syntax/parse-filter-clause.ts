import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Expression, Literal } from "./expression.js";
import type { FilterCondition, FilterField, FilterNode, FilterValue } from "./filter-node.js";
import * as grammar from "./generated/filter-clause.js";
import { runGrammar } from "./syntax-error.js";

const lengthLimit = 65_536;

/**
 * A connector's filter clause, `Status = 'open' AND Total > 100`, as the expression that SQL would make of it.
 * Error 42601 outside of the language, 54000 past 65,536 characters.
 */
export function parseFilterClause(text: string): Expression {
  if (text.length > lengthLimit) throw tooLong(text.length);
  return filter(
    runGrammar({
      text,
      parse: (input) => grammar.parse(input, { startRule: "Filter" }),
      GrammarError: grammar.SyntaxError,
    }),
  );
}

function tooLong(length: number): StripeSqlError {
  return new StripeSqlError("filter is too long", {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    detail: `It has ${length} characters; at most ${lengthLimit} are read.`,
  });
}

function filter(node: FilterNode): Expression {
  switch (node.kind) {
    case "and":
    case "or":
      return { kind: node.kind, operands: node.operands.map(filter) };
    case "not":
      return { kind: "not", operand: filter(node.operand) };
    case "comparison":
    case "is-null":
    case "in":
    case "like":
    case "between":
      return condition(node, field(node.field));
  }
}

function condition(node: FilterCondition, operand: Expression): Expression {
  switch (node.kind) {
    case "comparison":
      return { kind: "comparison", operator: node.operator, left: operand, right: value(node.value) };
    case "is-null":
      return { kind: "is-null", operand, negated: node.negated };
    case "in":
      return { kind: "in", operand, items: node.values.map(value), negated: node.negated };
    case "like":
      return { kind: "like", operand, pattern: value(node.pattern), negated: node.negated, caseInsensitive: false };
    case "between":
      return { kind: "between", operand, low: value(node.low), high: value(node.high), negated: node.negated };
  }
}

/** `Metadata.order_id` is the JSON field's text. */
function field({ name, key, quoted, position }: FilterField): Expression {
  const column: Expression = { kind: "column", table: undefined, name, quoted, position };
  if (key === undefined) return column;
  return {
    kind: "json-access",
    operand: column,
    key: { kind: "literal", value: { type: "string", value: key } },
    asText: true,
  };
}

function value(held: FilterValue): Expression {
  switch (held.type) {
    case "string":
      return literal({ type: "string", value: held.text });
    case "number":
      return literal({ type: "number", text: held.text });
    case "boolean":
      return literal({ type: "boolean", value: held.text === "true" });
    case "null":
      return literal({ type: "null" });
    case "DATE":
    case "TIMESTAMP":
    case "TIMESTAMPTZ":
      return { kind: "cast", operand: literal({ type: "string", value: held.text }), type: held.type };
  }
}

function literal(held: Literal): Expression {
  return { kind: "literal", value: held };
}
