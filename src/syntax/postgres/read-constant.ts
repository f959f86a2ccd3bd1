import { stringLiteral } from "../constant.js";
import type { Expression } from "../expression.js";
import type { NodeOf } from "./node.js";
import type { Reading } from "./reading.js";

export const nullLiteral: Expression = { kind: "literal", value: { type: "null" } };

/**
 * A constant. A text has no type of its own yet, as in PostgreSQL: it takes that of what it is compared with. A bit
 * string is no literal.
 */
export function readConstant(node: NodeOf<"A_Const">, reading: Reading): Expression {
  if (node.isnull === true) return nullLiteral;
  if (node.boolval !== undefined)
    return { kind: "literal", value: { type: "boolean", value: node.boolval.boolval === true } };
  if (node.sval !== undefined) return stringLiteral(node.sval.sval ?? "", reading.offsets.ofByte(node.location));
  const text = node.ival !== undefined ? String(node.ival.ival ?? 0) : decimalText(node.fval?.fval ?? "");
  return text === undefined
    ? { kind: "other", operands: [], perRow: true }
    : { kind: "literal", value: { type: "number", text } };
}

/** `1_000.5` and `0x1F` as others write them; undefined for what is none. */
function decimalText(written: string): string | undefined {
  const text = written.replaceAll("_", "");
  const [, sign = "", digits = ""] = /^(-?)(0[xob][\da-f]+)$/i.exec(text) ?? [];
  if (digits !== "") return `${sign}${BigInt(digits)}`;
  return /^-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? text : undefined;
}
