import type { Node } from "libpg-query";
import type { Expression } from "../expression.js";
import type { NodeOf } from "./node.js";
import type { Reading } from "./reading.js";
import { typeName } from "./type-name.js";

/** CAST, `::`, and the literals that name their type: `DATE '…'`, `INTERVAL '7 days'`. */
export function readCast({ arg, typeName: type }: NodeOf<"TypeCast">, reading: Reading): Expression {
  const operand = arg === undefined ? undefined : reading.expression(arg, reading);
  if (operand === undefined || type === undefined)
    return { kind: "other", operands: operand === undefined ? [] : [operand] };
  const name = typeName(type);
  if (!/^INTERVAL(\(\d+\))?$/.test(name) || operand.kind !== "literal" || operand.value.type !== "string")
    return { kind: "cast", operand, type: name };
  const text = intervalText(operand.value.value, type.typmods);
  return text === undefined ? { kind: "cast", operand, type: name } : { kind: "interval", text };
}

/** The fields that one word each means, as PostgreSQL numbers them. Source: INTERVAL_MASK in utils/timestamp.h */
const units: ReadonlyMap<number, string> = new Map([
  [1 << 2, "year"],
  [1 << 1, "month"],
  [1 << 3, "day"],
  [1 << 10, "hour"],
  [1 << 11, "minute"],
  [1 << 12, "second"],
]);

/**
 * `INTERVAL '7' DAY` is "7 day"; another text before a unit is cut to it, and stays a cast. Of several numbers a minus
 * may be of one or of all, as IntervalStyle has it: undefined.
 */
function intervalText(text: string, typmods: readonly Node[] | undefined): string | undefined {
  const [mask, another] = typmods ?? [];
  if (mask === undefined) return /-/.test(text) && /\d\D+\d/.test(text) ? undefined : text;
  const unit = "A_Const" in mask ? units.get(mask.A_Const.ival?.ival ?? 0) : undefined;
  if (unit === undefined || another !== undefined || !/^\s*-?\d+\s*$/.test(text)) return undefined;
  return `${text.trim()} ${unit}`;
}
