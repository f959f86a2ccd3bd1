import { stringLiteral } from "../constant.js";
import type { Expression } from "../expression.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { nodeAt, textAt } from "./serialized-node.js";
import type { SourceToken } from "./source-text.js";

/** A constant's node. One that is neither text nor number, nor NULL, is no literal: an empty list, a blob. */
export function readConstant(node: SerializedNode, reading: Reading): Expression {
  const value = nodeAt(node, "value") ?? {};
  const held = value["value"];
  if (value["is_null"] === true) return { kind: "literal", value: { type: "null" } };
  if (typeof held === "boolean") return { kind: "literal", value: { type: "boolean", value: held } };
  if (typeof held === "string") return stringLiteral(held, reading.source.tokenAt(node)?.position);
  const text = numberText(node, value, reading);
  return text === undefined ? { kind: "other", operands: [] } : { kind: "literal", value: { type: "number", text } };
}

/** TRUE and FALSE are casts of 't' and 'f' that stand at the word itself. */
export function readBooleanWord(node: SerializedNode, reading: Reading): Expression | undefined {
  const word = reading.source.tokenAt(node)?.sql.toUpperCase();
  if (word !== "TRUE" && word !== "FALSE") return undefined;
  return { kind: "literal", value: { type: "boolean", value: word === "TRUE" } };
}

/** As it is written, so that nothing is rounded: JSON's numbers are doubles, and a decimal's value has no point. */
function numberText(node: SerializedNode, value: SerializedNode, reading: Reading): string | undefined {
  const number = approximateNumber(value);
  const written = writtenNumber(reading.source.tokensAt(node, signLimit));
  if (written !== undefined && (number === undefined || Number(written) === number)) return written;
  return number !== undefined && Number.isSafeInteger(number) ? String(number) : undefined;
}

/** A constant's signs and parentheses, `-(-(3))`, are looked through as far as this. */
const signLimit = 16;

/** The number that stands behind signs and parentheses. */
function writtenNumber(tokens: readonly SourceToken[]): string | undefined {
  const length = tokens.findIndex(({ sql }) => sql !== "-" && sql !== "(");
  const digits = tokens[length]?.sql.replaceAll("_", "");
  if (digits === undefined || !/^[\d.]/.test(digits)) return undefined;
  const isNegative = tokens.slice(0, length).filter(({ sql }) => sql === "-").length % 2 === 1;
  return isNegative ? `-${digits}` : digits;
}

/** The value as a double; undefined where the tree gives it in two halves. */
function approximateNumber(value: SerializedNode): number | undefined {
  const held = value["value"];
  if (typeof held !== "number") return undefined;
  const type = nodeAt(value, "type") ?? {};
  const scale = nodeAt(type, "type_info")?.["scale"];
  const isDecimal = textAt(type, "id") === "DECIMAL" && typeof scale === "number";
  return isDecimal ? Number(`${held}e-${scale}`) : held;
}
