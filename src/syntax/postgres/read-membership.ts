import type { Node } from "libpg-query";
import { stringLiteral } from "../constant.js";
import type { Expression } from "../expression.js";
import { parseArrayLiteral } from "./array-literal.js";
import type { NodeOf } from "./node.js";
import { nullLiteral } from "./read-constant.js";
import type { Reading } from "./reading.js";
import { elementTypeName } from "./type-name.js";

/**
 * `a = ANY(ARRAY['x', 'y'])`, `a = ANY('{x,y}'::text[])`, `a = ANY($1)` as `a IN (…)`, and `a <> ALL (…)` as NOT IN, as
 * drivers send lists. Undefined for other operators, and for arrays that are not told by the text. Both forms compare
 * with each element, and are NULL where none decides; of an empty array the one is false and the other true, as IN and
 * NOT IN of no items are to the planner.
 */
export function readMembershipInArray(
  { kind, lexpr, rexpr }: NodeOf<"A_Expr">,
  operator: string,
  reading: Reading,
): Expression | undefined {
  const negated = kind === "AEXPR_OP_ALL";
  if (lexpr === undefined || rexpr === undefined || operator !== (negated ? "<>" : "=")) return undefined;
  const items = elementsOf(rexpr, reading);
  return items && { kind: "in", operand: reading.expression(lexpr, reading), items, negated };
}

function elementsOf(array: Node, reading: Reading): readonly Expression[] | undefined {
  if ("ParamRef" in array) {
    const parameter = reading.expression(array, reading);
    return parameter.kind === "parameter" ? [{ ...parameter, elements: true }] : undefined;
  }
  if ("A_ArrayExpr" in array) return elementsOfConstructor(array.A_ArrayExpr, reading);
  if ("A_Const" in array) return elementsOfConstant(array.A_Const);
  return "TypeCast" in array ? elementsOfCast(array.TypeCast, reading) : undefined;
}

function elementsOfConstructor(
  { elements = [] }: NodeOf<"A_ArrayExpr">,
  reading: Reading,
): readonly Expression[] | undefined {
  if (elements.some((element) => "A_ArrayExpr" in element)) return undefined;
  return elements.map((element) => reading.expression(element, reading));
}

/** Of a NULL for an array both forms are NULL, as they are of an array of one NULL. */
function elementsOfConstant({ sval, isnull }: NodeOf<"A_Const">): readonly Expression[] | undefined {
  if (isnull === true) return [nullLiteral];
  const texts = sval === undefined ? undefined : parseArrayLiteral(sval.sval ?? "");
  return texts?.map((text) => (text === null ? nullLiteral : stringLiteral(text, undefined)));
}

/** `'{…}'::text[]`: each element is cast. */
function elementsOfCast({ arg, typeName }: NodeOf<"TypeCast">, reading: Reading): readonly Expression[] | undefined {
  const type = typeName && elementTypeName(typeName);
  const elements = arg === undefined || type === undefined ? undefined : elementsOf(arg, reading);
  if (type === undefined || elements === undefined) return undefined;
  return elements.map((operand) => (keepsValue(operand, type) ? operand : { kind: "cast", operand, type }));
}

const wholeTypes: ReadonlySet<string> = new Set(["BIGINT", "INTEGER", "SMALLINT"]);

/** The elements of a parameter come from the client in the array's type; a whole number is one, or out of range. */
function keepsValue(element: Expression, type: string): boolean {
  if (element.kind === "parameter") return element.elements === true && (wholeTypes.has(type) || type === "VARCHAR");
  if (element.kind !== "literal") return false;
  const { value } = element;
  if (value.type === "null") return true;
  const text = value.type === "number" ? value.text : value.type === "string" ? value.value : "";
  return wholeTypes.has(type) && /^-?\d+$/.test(text);
}
