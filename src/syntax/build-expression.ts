import type { BuildExpression } from "./atom.js";
import type { Expression } from "./expression.js";
import { NotUnderstood } from "./not-understood.js";

const star: Expression = { kind: "star", table: undefined };

/** An expression that no rule reads; its operands are kept for the columns in them. */
export const opaque: BuildExpression = (operands) => ({ kind: "other", operands });

/** What stood in parentheses: an expression or, of several, a row. */
export const parenthesised: BuildExpression = (operands) => (operands.length === 1 ? only(operands) : opaque(operands));

export function joinedBy(connective: "and" | "or" | "not"): BuildExpression {
  if (connective === "not") return (operands) => ({ kind: "not", operand: only(operands) });
  return (operands) => ({ kind: connective, operands });
}

export function castTo(type: string): BuildExpression {
  return (operands) => ({ kind: "cast", operand: only(operands), type });
}

export function jsonAccess(asText: boolean): BuildExpression {
  return ([operand, key]) => {
    if (operand === undefined || key === undefined) throw new NotUnderstood("JSON access");
    return { kind: "json-access", operand, key, asText };
  };
}

export interface CallManner {
  readonly distinct: boolean;
  readonly window: boolean;
}

/** A call by name. EXISTS takes a query; COLUMNS(…) stands for any column there is. */
export function callNamed(name: string, manner: CallManner): BuildExpression {
  if (name === "exists") return existence;
  if (name === "columns") return (operands) => ({ kind: "other", operands: [star, ...operands] });
  return (operands) => ({ kind: "call", name, arguments: operands, ...manner });
}

const existence: BuildExpression = (operands) => {
  const operand = only(operands);
  if (operand.kind !== "subquery") throw new NotUnderstood("EXISTS");
  return { kind: "exists", query: operand.query };
};

function only(operands: readonly Expression[]): Expression {
  const [operand, ...rest] = operands;
  if (operand === undefined || rest.length > 0) throw new NotUnderstood("operands");
  return operand;
}
